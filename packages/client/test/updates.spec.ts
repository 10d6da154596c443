import type { ServerResponse } from 'node:http';
import { AtsClient, AuthenticationError, NotFoundError, type Update } from '../src/index.ts';
import { cut, refused, ScriptedService } from './service.ts';

let service: ScriptedService;
let client: AtsClient;
beforeAll(async () => {
  service = await new ScriptedService().start();
  client = new AtsClient({ baseUrl: service.url, token: 'a-token' });
});
afterAll(() => service.stop());

const stream =
  (...blocks: string[]) =>
  (response: ServerResponse): void =>
    void response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(blocks.map((one) => `${one}\n\n`).join(''));
const changed = (id: string, check: string): string =>
  `event: background_check.status_changed\nid: ${id}\ndata: {"id":"${check}"}`;
const said = (update: Update): string => (update.type === 'reset' ? 'reset' : update.check.id);

async function take(count: number, options: Parameters<AtsClient['updates']>[0] = {}): Promise<string[]> {
  const seen: string[] = [];
  for await (const update of client.updates(options)) {
    seen.push(said(update));
    if (seen.length === count) break;
  }
  return seen;
}

describe('Live updates', () => {
  it('begin with a reset, and go on where they were after the connection is lost', async () => {
    service.answersWith(
      stream(': listening\nid: 7', changed('8', 'c1'), 'event: later.kind\nid: 9\ndata: {}'),
      cut,
      refused(503, 'shutting_down'),
      stream(': listening', changed('10', 'c2'), 'event: reset\nid: 11\ndata: {}'),
    );
    const states: string[] = [];
    expect(await take(4, { onConnection: (state) => states.push(state) })).toEqual(['reset', 'c1', 'c2', 'reset']);
    expect(service.received.map(({ headers }) => headers['last-event-id'])).toEqual([undefined, '9', '9', '9']);
    expect(service.received[0]?.headers).toMatchObject({
      accept: 'text/event-stream',
      authorization: 'Bearer a-token',
    });
    expect(states.filter((state, i) => state !== states[i - 1])).toEqual(['live', 'connecting', 'lost', 'live']);
  });

  it('go on after a restart of the program, from the place that it stored', async () => {
    service.answersWith(stream(': listening\nid: 41', changed('42', 'c1')));
    expect(await take(1, { lastEventId: '41' })).toEqual(['c1']);
    expect(service.received[0]?.headers['last-event-id']).toBe('41');
  });

  it('end with an error when connecting again cannot help', async () => {
    service.answersWith(stream(': listening\nid: 1'), refused(401, 'unauthenticated'));
    await expect(take(2)).rejects.toBeInstanceOf(AuthenticationError);
    service.answersWith(refused(404, 'not_found'));
    await expect(take(1)).rejects.toBeInstanceOf(NotFoundError);
  });

  it('end without an error when the caller stops', async () => {
    const stop = new AbortController();
    service.answersWith((response) => {
      response.writeHead(200).write(': listening\nid: 1\n\n');
      response.once('close', () => stop.abort());
    });
    const seen: string[] = [];
    for await (const update of client.updates({ signal: stop.signal })) {
      seen.push(said(update));
      stop.abort();
    }
    expect(seen).toEqual(['reset']);
  });
});
