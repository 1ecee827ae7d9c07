import { found, localListUpdated, updateLocalList, type LocalListVerdict } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { readTime } from '../validation.js';
import { toStation, type Reply, type Request } from './dialect.js';
import { idTagInfo } from './id-tag-info.js';

const verdicts: Record<Reply<'SendLocalList'>['status'], LocalListVerdict> = {
  Accepted: 'accepted',
  Failed: 'failed',
  NotSupported: 'not-supported',
  VersionMismatch: 'version-mismatch',
};

type Line = NonNullable<Request<'SendLocalList'>['localAuthorizationList']>[number];

/** Replaces or changes the local list. A full update without lines empties it; a line without idTagInfo takes its token out (5.15). */
export const sendLocalList = toStation('SendLocalList', updateLocalList).translate({
  toRequest: ({ update, version, changes }) => ({
    listVersion: version,
    updateType: update === 'full' ? 'Full' : 'Differential',
    localAuthorizationList: changes.map(({ token, authorization }) => ({ idTag: token, idTagInfo: authorization && idTagInfo(authorization) })),
  }),
  toVerdict: statusVerdict('Accepted'),
  toFinding: ({ updateType, listVersion, localAuthorizationList: lines = [] }, { status }) =>
    found(localListUpdated, { update: updateType === 'Full' ? 'full' : 'differential', version: listVersion, changes: lines.map(changeOf), verdict: verdicts[status] }),
});

function changeOf({ idTag, idTagInfo: info }: Line) {
  if (!info) return { token: idTag };
  const { status, expiryDate, parentIdTag } = info;
  return { token: idTag, authorization: { status, ...(expiryDate && { expiresAt: readTime(expiryDate) }), ...(parentIdTag && { group: parentIdTag }) } };
}
