import { createConnection } from 'node:net';

/** Connects to a loopback port, says `question` and tells whether the first words back contain `expected`; never throws. */
export function loopbackDialogue(port: number, question: string, expected: string, timeoutMs = 1000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' }, () => socket.write(question));
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(timeoutMs, () => end(false));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
    socket.once('data', (data) => end(data.toString().includes(expected)));
  });
}
