import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit, Ids } from '#kernel/ports';
import type { ImportStatus } from '../domain/applications.js';

/** The result of one line, as the audit log counts it. */
interface Counted {
  status: ImportStatus | 'failed';
}

/** Writes an import's two entries in the audit log: its beginning, and its end with the counts, also when it breaks off. */
@Injectable()
export class ImportRecord {
  constructor(
    private readonly audit: Audit,
    private readonly ids: Ids,
  ) {}

  /** Must be called before the first line is read. Returns the import's id for its second entry. */
  async begin(caller: Caller): Promise<string> {
    const importId = this.ids.next();
    await this.audit.record(caller, { action: 'import.start', entity: 'import', entityId: importId });
    return importId;
  }

  /**
   * Passes the results on and counts them. A reader that stops early, an error, or lines that were not read (`cut`) end the
   * import as broken off.
   */
  async *counting<R extends Counted>(
    caller: Caller,
    importId: string,
    results: AsyncIterable<R>,
    cut: () => boolean,
  ): AsyncGenerator<R> {
    const counts = { created: 0, updated: 0, unchanged: 0, failed: 0 };
    let ended: 'complete' | 'broken_off' = 'broken_off';
    try {
      for await (const result of results) {
        counts[result.status] += 1;
        yield result;
      }
      if (!cut()) ended = 'complete';
    } finally {
      const to = { ...counts, ended };
      await this.audit.record(caller, { action: 'import.finish', entity: 'import', entityId: importId, to });
    }
  }
}
