/** The second half of what one writes at first: every request is one INSERT with a commit of its own. */
import { connect, JSONCodec, type Msg } from 'nats';
import pg from 'pg';
import { serveParent } from '../process/serve-parent.js';
import { cannedReply } from './canned-reply.js';
import { naiveSubject, type NaiveAnswer, type NaiveQuestion } from './naive-question.js';
import type { NaiveServiceApi } from './server-api.js';

const questions = JSONCodec<NaiveQuestion>();
const answers = JSONCodec<NaiveAnswer>();

async function answer(pool: pg.Pool, message: Msg): Promise<void> {
  const { station, messageId, action, payload } = questions.decode(message.data);
  // One that fails ends the process: the benchmark is over then.
  const { rows } = await pool.query<{ id: string }>('INSERT INTO frame (station, message_id, action, payload) VALUES ($1, $2, $3, $4) RETURNING id', [
    station,
    messageId,
    action,
    JSON.stringify(payload),
  ]);
  message.respond(answers.encode({ payload: cannedReply(action, () => Number(rows[0]!.id)) }));
}

serveParent<NaiveServiceApi>({
  serve: async ({ natsUrl, databaseUrl, poolSize }) => {
    const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
    await pool.query('CREATE TABLE frame (id bigserial PRIMARY KEY, station text NOT NULL, message_id text NOT NULL, action text NOT NULL, payload json NOT NULL)');
    const nats = await connect({ servers: natsUrl });
    nats.subscribe(naiveSubject, {
      queue: 'naive',
      callback: (error, message) => {
        if (!error) void answer(pool, message);
      },
    });
    await nats.flush();
  },
});
