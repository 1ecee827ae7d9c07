/**
 * SQL for the last number that a transaction was given: those that begin from now on have higher ones. A sequence that was never used stands
 * at its first.
 */
export const lastTransaction = '(SELECT last_value - (NOT is_called)::int FROM transaction_number_seq)::int';
