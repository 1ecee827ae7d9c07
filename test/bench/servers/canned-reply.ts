/** The replies of a server that keeps nothing. */
export function cannedReply(action: string, number: () => number): Record<string, unknown> {
  switch (action) {
    case 'Heartbeat':
      return { currentTime: new Date().toISOString() };
    case 'StartTransaction':
      return { transactionId: number(), idTagInfo: { status: 'Accepted' } };
    case 'StopTransaction':
      return { idTagInfo: { status: 'Accepted' } };
    case 'BootNotification':
      return { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 };
    default:
      return {};
  }
}
