import type { Statement } from '@ohmnibus/database';
import { lastTransaction } from '../stop-command/last-transaction.js';

/**
 * A station replaces a profile by one of the same id, and by one of the same purpose and stack level on the same EVSE. What was learnt later
 * is not undone by what is learnt late.
 */
export const learnInstalled: Statement = {
  name: 'charging-profile-installed',
  text: `WITH replaced AS (
      DELETE FROM installed_charging_profile
      WHERE tenant = $1 AND station = $2 AND profile_id <> $3 AND evse = $4::int AND purpose = $5 AND stack_level = $6 AND installed_at <= $11
    )
    INSERT INTO installed_charging_profile AS p (tenant, station, profile_id, evse, purpose, stack_level, profile, transaction, token_key, command,
      installed_at, after_transaction)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::uuid, $11, ${lastTransaction} - 100)
    ON CONFLICT (tenant, station, profile_id) DO UPDATE SET
      evse = excluded.evse, purpose = excluded.purpose, stack_level = excluded.stack_level, profile = excluded.profile,
      transaction = excluded.transaction, token_key = excluded.token_key, command = excluded.command, installed_at = excluded.installed_at,
      after_transaction = excluded.after_transaction
    WHERE p.installed_at <= excluded.installed_at`,
};

export const learnCleared: Statement = {
  name: 'charging-profile-cleared',
  text: `DELETE FROM installed_charging_profile
    WHERE tenant = $1 AND station = $2 AND installed_at <= $7
      AND CASE WHEN $3::int IS NOT NULL THEN profile_id = $3
          ELSE ($4::int IS NULL OR evse = $4) AND ($5::text IS NULL OR purpose = $5) AND ($6::int IS NULL OR stack_level = $6) END`,
};

/**
 * The transaction that a profile of a remote start was for: the first to begin after the command, give or take what two clocks differ by,
 * and not over before it.
 */
export const findAwaited: Statement = {
  name: 'charging-profile-begun',
  text: `UPDATE installed_charging_profile p SET transaction = t.number, evse = coalesce(t.evse, p.evse)
    FROM installed_charging_profile w LEFT JOIN command c ON c.id = w.command CROSS JOIN LATERAL (
      SELECT number, evse FROM transaction x
      WHERE x.tenant = w.tenant AND x.station = w.station AND x.number > w.after_transaction
        AND (w.evse IS NULL OR x.evse = w.evse) AND (w.token_key IS NULL OR x.token_key = w.token_key)
        AND coalesce(x.start_received_at, $1::timestamptz) >= coalesce(c.created_at, w.installed_at) - interval '5 seconds'
        AND (x.end_received_at IS NULL OR x.end_received_at >= coalesce(c.created_at, w.installed_at))
      ORDER BY number LIMIT 1) t
    WHERE w.purpose = 'TxProfile' AND w.transaction IS NULL
      AND p.tenant = w.tenant AND p.station = w.station AND p.profile_id = w.profile_id`,
};

/** A TxProfile ends with its transaction. */
export const forgetEnded: Statement = {
  name: 'charging-profile-ended',
  text: `DELETE FROM installed_charging_profile p USING transaction t
    WHERE p.purpose = 'TxProfile' AND t.number = p.transaction AND t.ended_at IS NOT NULL`,
};

/** The driver did not come, and the station has given up. */
export const forgetInVain: Statement = {
  name: 'charging-profile-in-vain',
  text: `DELETE FROM installed_charging_profile WHERE purpose = 'TxProfile' AND transaction IS NULL AND installed_at < $1`,
};
