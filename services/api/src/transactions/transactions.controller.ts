import { Body, Controller, Param, Query } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { closeTransaction } from '@ohmnibus/contracts';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import type { Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { TransactionQueries } from './transaction-queries.js';
import {
  closeBody,
  eventPage,
  eventQuery,
  samplePage,
  sampleQuery,
  transactionFilters,
  transactionPage,
  transactionSchema,
  type CloseBody,
  type EventView,
  type Paging,
  type SampleView,
  type Transaction,
  type TransactionFilters,
} from './transaction-schemas.js';

const tag = 'Transactions';
const params = { id: 'Our number of the transaction' };
const problems = { 404: 'There is no such transaction' };

@Controller('transactions')
export class TransactionsController {
  constructor(
    private readonly transactions: TransactionQueries,
    private readonly bus: Bus,
  ) {}

  @Endpoint('get', '', { tag, summary: 'Lists transactions, the newest first', query: transactionFilters, answers: { 200: { description: 'A page of transactions', schema: transactionPage } } })
  listTransactions(@Caller() { tenant }: KeyHolder, @Query(zod(transactionFilters)) filters: TransactionFilters): Promise<Page<Transaction>> {
    return this.transactions.list(tenant, filters);
  }

  @Endpoint('get', '{id}', { tag, summary: 'A transaction', params, answers: { 200: { description: 'The transaction', schema: transactionSchema } }, problems })
  getTransaction(@Caller() { tenant }: KeyHolder, @Param('id') id: string): Promise<Transaction> {
    return this.transactions.get(tenant, id);
  }

  @Endpoint('get', '{id}/samples', {
    tag,
    summary: 'What was measured during a transaction, in the order of the station\'s clock',
    params,
    query: sampleQuery,
    answers: { 200: { description: 'A page of samples', schema: samplePage } },
    problems,
  })
  listSamples(@Caller() { tenant }: KeyHolder, @Param('id') id: string, @Query(zod(sampleQuery)) query: Paging): Promise<Page<SampleView>> {
    return this.transactions.samples(tenant, id, query);
  }

  @Endpoint('get', '{id}/events', {
    tag,
    summary: 'The events of a transaction, in the order of the station\'s own numbers; OCPP 1.6 does not number them and has none',
    params,
    query: eventQuery,
    answers: { 200: { description: 'A page of events', schema: eventPage } },
    problems,
  })
  listEvents(@Caller() { tenant }: KeyHolder, @Param('id') id: string, @Query(zod(eventQuery)) query: Paging): Promise<Page<EventView>> {
    return this.transactions.events(tenant, id, query);
  }

  @Endpoint('post', '{id}/close', {
    tag,
    summary: 'Ends a transaction on record, on the last that is known of it; its station is told nothing, and its own end corrects this one',
    params,
    body: closeBody,
    answers: { 200: { description: 'The transaction', schema: transactionSchema } },
    problems: { ...problems, 409: 'It has ended otherwise already' },
  })
  async closeTransaction(@Caller() { tenant, name }: KeyHolder, @Param('id') id: string, @Body(zod(closeBody)) { reason }: CloseBody): Promise<Transaction> {
    const transaction = Number((await this.transactions.get(tenant, id)).id);
    await this.bus.ask(closeTransaction, {}, { tenant, transaction, reason, requestedBy: name });
    return this.transactions.get(tenant, id);
  }
}
