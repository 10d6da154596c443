import type { Replica } from './replica.ts';

/** Environment for replicas whose memory `liveMemory` can read. */
export const inspectable = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

/** Memory of a replica after a garbage collection, in MB. The replica must be `inspectable`. */
export async function liveMemory(replica: Replica): Promise<number> {
  const address = /Debugger listening on (ws:\/\/\S+)/.exec(replica.lines().join('\n'))?.[1];
  if (!address) throw new Error(`${replica.name} cannot be inspected.`);
  const socket = new WebSocket(address);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', () => reject(new Error(`${replica.name} did not accept the inspector.`)));
  });
  try {
    await ask(socket, 1, 'HeapProfiler.collectGarbage');
    const expression = `(({ heapUsed, external }) => (heapUsed + external) / 2 ** 20)(process.memoryUsage())`;
    const { result } = (await ask(socket, 2, 'Runtime.evaluate', { expression })) as { result: { value: number } };
    return result.value;
  } finally {
    socket.close();
  }
}

function ask(socket: WebSocket, id: number, method: string, params = {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const receive = ({ data }: MessageEvent): void => {
      const answer = JSON.parse(String(data)) as { id?: number; result?: unknown; error?: { message: string } };
      if (answer.id !== id) return;
      socket.removeEventListener('message', receive);
      if (answer.error) reject(new Error(answer.error.message));
      else resolve(answer.result);
    };
    socket.addEventListener('message', receive);
    socket.send(JSON.stringify({ id, method, params }));
  });
}
