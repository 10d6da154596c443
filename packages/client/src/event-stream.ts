export interface ServerEvent {
  id: string | null;
  type: string;
  data: string;
}

/** Reads Server-Sent Events. `EventSource` reports neither the status of an error nor comments. Comments come as events without data. */
export async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent, void> {
  // Not `for await`: not every browser can iterate over a stream.
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader();
  let rest = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const blocks = (rest + read.value).split(/\r?\n\r?\n/);
      rest = blocks.pop() ?? '';
      for (const block of blocks) yield eventIn(block);
    }
  } finally {
    // A reader that stops closes the connection.
    await reader.cancel().catch(() => undefined);
  }
}

function eventIn(block: string): ServerEvent {
  const event: ServerEvent = { id: null, type: 'message', data: '' };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'id') event.id = value;
    if (field === 'event') event.type = value;
    if (field === 'data') data.push(value);
  }
  return { ...event, data: data.join('\n') };
}
