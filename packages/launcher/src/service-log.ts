import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where the lines of one service go. */
export interface ServiceLog {
  write(line: string): void;
  close(): Promise<void>;
}

/** Keeps a service's lines as JSON lines in a file (and the file of the start before as `.1`), and says aloud what is an error. */
export function openServiceLog(name: string, file: string, say: (line: string) => void): ServiceLog {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) renameSync(file, `${file}.1`);
  const stream = createWriteStream(file, { mode: 0o600 });
  return {
    write(line) {
      if (line.trim() === '') return;
      const entry = parse(line);
      stream.write(`${entry ? line : JSON.stringify({ level: 'error', time: new Date().toISOString(), service: name, msg: line })}\n`);
      // What is not JSON comes from outside the service's own log: a warning of node's, or the stack of a crash.
      if (!entry) say(`${name}: ${line}`);
      else if (entry.level === 'error' || entry.level === 'fatal') say(`${name}: ${entry.msg ?? line}${entry.error?.message ? ` (${entry.error.message})` : ''}`);
    },
    close: () => new Promise((resolve) => stream.end(resolve)),
  };
}

function parse(line: string): { level?: string; msg?: string; error?: { message?: string } } | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as { level?: string; msg?: string };
  } catch {
    return undefined;
  }
}
