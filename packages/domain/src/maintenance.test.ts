import { describe, expect, test } from '@jest/globals';
import { advance, firmwareStatuses, jobOf, logUploadStatuses, stateAfter, type Job, type JobState, type ProgressReport } from './maintenance.js';

const job = (id: string, state: JobState, more: Partial<Job> = {}): Job => ({ id, state, requestId: undefined, status: undefined, stamp: undefined, ...more });
const report = (status: ProgressReport['status'], more: Partial<ProgressReport> = {}): ProgressReport => ({ status, requestId: undefined, epoch: 1, frame: 10, ...more });

describe('a report', () => {
  test('is about the job of its request id, however that stands', () => {
    const jobs = [job('newest', 'running', { requestId: 3 }), job('named', 'succeeded', { requestId: 2 }), job('oldest', 'running')];
    expect(jobOf(report('Downloading', { requestId: 2 }), jobs)?.id).toBe('named');
  });

  test('with a request id of nobody is about a job that was ordered without one, or about none', () => {
    expect(jobOf(report('Downloading', { requestId: 9 }), [job('numbered', 'running', { requestId: 3 }), job('plain', 'running')])?.id).toBe('plain');
    expect(jobOf(report('Downloading', { requestId: 9 }), [job('numbered', 'running', { requestId: 3 })])).toBeUndefined();
  });

  test('without a request id is about the newest job that is not over', () => {
    expect(jobOf(report('Downloading'), [job('refused', 'refused'), job('given up', 'superseded'), job('running', 'running', { requestId: 3 })])?.id).toBe('running');
    expect(jobOf(report('Downloading'), [job('ordered', 'ordered'), job('running', 'running')])?.id).toBe('ordered');
    expect(jobOf(report('Downloading'), [])).toBeUndefined();
  });

  test('may have a failed job go on, but not one that has succeeded, nor any before that', () => {
    expect(jobOf(report('Downloading'), [job('failed', 'failed')])?.id).toBe('failed');
    const done = job('done', 'succeeded', { status: 'Installed', stamp: { epoch: 1, frame: 5 } });
    expect(jobOf(report('Downloading'), [done, job('older', 'failed')])).toBeUndefined();
  });

  test('that says nothing new of a job that has succeeded is about that job', () => {
    const done = job('done', 'succeeded', { status: 'Installed', stamp: { epoch: 1, frame: 5 } });
    expect(jobOf(report('Installed'), [done])?.id).toBe('done');
    expect(jobOf(report('Downloaded', { frame: 4 }), [done])?.id).toBe('done');
  });

  test('of a station that refused its newest job, and has no other, is about that one all the same', () => {
    expect(jobOf(report('Uploading'), [job('refused', 'refused')])?.id).toBe('refused');
    expect(jobOf(report('Uploading'), [job('refused', 'refused'), job('done', 'succeeded', { status: 'Uploaded' })])?.id).toBe('refused');
  });

  test('that nothing is done is about no job', () => {
    expect(jobOf(report('Idle', { requestId: 3 }), [job('running', 'running', { requestId: 3 })])).toBeUndefined();
  });
});

describe('a job', () => {
  test('stands as its newest report says, so one that failed goes on when the station tries again', () => {
    expect(advance(job('a', 'running'), report('DownloadFailed'))).toEqual({ state: 'failed', status: 'DownloadFailed' });
    expect(advance(job('a', 'failed', { stamp: { epoch: 1, frame: 9 } }), report('Downloading'))).toEqual({ state: 'running', status: 'Downloading' });
  });

  test.each([
    { epoch: 1, frame: 10 },
    { epoch: 1, frame: 11 },
    { epoch: 2, frame: 1 },
  ])('is not changed by a report that is older than the one of %j', (stamp) => {
    expect(advance(job('a', 'succeeded', { stamp }), report('Downloading'))).toBeUndefined();
  });

  test('that was given up for another one counts again only if it reached its end after all', () => {
    expect(advance(job('a', 'superseded'), report('Downloading'))).toBeUndefined();
    expect(advance(job('a', 'superseded'), report('Uploaded'))).toEqual({ state: 'succeeded', status: 'Uploaded' });
  });

  test('is over by these words alone', () => {
    const by = (state: JobState) => [...firmwareStatuses, ...logUploadStatuses].filter((status) => stateAfter(status) === state);
    expect(by('succeeded')).toEqual(['Installed', 'Uploaded']);
    expect(by('superseded')).toEqual(['AcceptedCanceled']);
    expect(by('failed').toSorted()).toEqual(
      ['BadMessage', 'DownloadFailed', 'InstallVerificationFailed', 'InstallationFailed', 'InvalidSignature', 'NotSupportedOperation', 'PermissionDenied', 'UploadFailure'].toSorted(),
    );
  });
});
