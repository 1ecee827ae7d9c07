import type { Request } from './dialect.js';

/** Both versions shape this message alike. */
export function dataTransfer(vendorId: string, messageId?: string, data?: string): Request {
  const payload = { vendorId, ...(messageId !== undefined && { messageId }), ...(data !== undefined && { data }) };
  return { action: 'DataTransfer', payload };
}
