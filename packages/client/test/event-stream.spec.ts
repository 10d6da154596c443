import { eventsIn, type ServerEvent } from '../src/event-stream.ts';

describe('The stream of updates', () => {
  it('is read event by event, for any size of network chunks', async () => {
    const text =
      ': listening\nid: 41\n\nevent: background_check.status_changed\nid: 42\ndata: {"id":"é"}\n\n: still here\n\n';
    for (const size of [1, 3, 7, 1000]) {
      expect(await read(text, size)).toEqual([
        { id: '41', type: 'message', data: '' },
        { id: '42', type: 'background_check.status_changed', data: '{"id":"é"}' },
        { id: null, type: 'message', data: '' },
      ]);
    }
  });

  it('joins data of several lines, with either kind of line ending', async () => {
    expect(await read('data: one\r\ndata: two\r\n\r\n', 1000)).toEqual([
      { id: null, type: 'message', data: 'one\ntwo' },
    ]);
  });

  it('drops an incomplete event', async () => {
    expect(await read('id: 1\n\nid: 2\ndata: half', 1000)).toEqual([{ id: '1', type: 'message', data: '' }]);
  });
});

async function read(text: string, size: number): Promise<ServerEvent[]> {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let i = 0; i < bytes.length; i += size) controller.enqueue(bytes.slice(i, i + size));
      controller.close();
    },
  });
  const events: ServerEvent[] = [];
  for await (const event of eventsIn(body)) events.push(event);
  return events;
}
