import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Log } from '@ohmnibus/runtime';
import type { Response } from 'express';
import { faultOf, problemOf, type Problem } from './problem.js';

/** Answers everything that is thrown as a problem document. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    const fault = faultOf(error);
    const problem = problemOf(fault);
    if (problem.status >= 500) this.log.warn('request-failed', { requestId: response.getHeader('x-request-id'), code: fault.code, error: fault.cause ?? fault });
    if (response.headersSent) response.destroy();
    else sendProblem(response, problem);
  }
}

export function sendProblem(response: Response, problem: Problem): void {
  if (problem.status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (problem.status === 503) response.setHeader('retry-after', '1');
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
