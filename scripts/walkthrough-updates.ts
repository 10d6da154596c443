/** A background check in the API, with the fields that the walkthrough reads. */
export interface Check {
  id: string;
  status: string;
  status_label: string;
  sent_to: string;
  result: string | null;
  result_label: string | null;
  results_url: string | null;
  package: { id: string; name: string };
  vendor: { case_id: string | null };
}

export interface Updates {
  /** Waits until the check has that status; statuses in between are skipped. */
  next(status: string): Promise<Check>;
  close(): void;
}

/** Follows one check on the stream of updates (Server-Sent Events over fetch). */
export async function followUpdates(url: string, token: string, checkId: string): Promise<Updates> {
  const ending = new AbortController();
  const headers = { authorization: `Bearer ${token}`, accept: 'text/event-stream' };
  const answer = await fetch(url, { headers, signal: ending.signal });
  if (!answer.ok || !answer.body) throw new Error(`GET /updates answered ${answer.status}.`);
  const seen: Check[] = [];
  const reading = collect(answer.body, checkId, seen).catch(() => undefined);
  return {
    next: (status) => waitFor(seen, status),
    close: () => {
      ending.abort();
      void reading;
    },
  };
}

async function collect(body: ReadableStream<Uint8Array>, checkId: string, seen: Check[]): Promise<void> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const events = (rest + text).split(/\r?\n\r?\n/);
    rest = events.pop() ?? '';
    for (const event of events) {
      const check = checkIn(event);
      if (check?.id === checkId) seen.push(check);
    }
  }
}

function checkIn(event: string): Check | undefined {
  const lines = event.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  if (lines.length === 0) return undefined;
  return JSON.parse(lines.map((line) => line.slice('data:'.length).trimStart()).join('\n')) as Check;
}

async function waitFor(seen: Check[], status: string): Promise<Check> {
  const end = Date.now() + 20_000;
  while (Date.now() < end) {
    const found = seen.find((check) => check.status === status);
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`20 s passed and GET /updates never said that the check became "${status}".`);
}
