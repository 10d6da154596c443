import type { Clock } from '#kernel/ports';
import type { RequestKey } from '#kernel/request-key';
import { idempotencyInProgress, idempotencyKeyReused } from '../../../src/platform/idempotency/errors.js';
import { IdempotencyRecords } from '../../../src/contexts/background-checks/domain/ports.js';
import { type FakeStore, FakeTable } from '../fake-store.js';

const keptForMs = 24 * 3600 * 1000;

interface Row {
  body: string;
  teamId: string;
  checkId: string;
  answer: object;
  createdAt: Date;
}

/** Passes the suite of `IdempotencyRecords`. */
export class FakeIdempotencyRecords extends IdempotencyRecords {
  private readonly rows: FakeTable<Row>;

  constructor(
    private readonly store: FakeStore,
    private readonly clock: Clock,
  ) {
    super();
    this.rows = new FakeTable(store);
  }

  async recall(key: RequestKey): Promise<object | null> {
    if (!this.store.tryLock(`idempotency ${nameOf(key)}`)) throw idempotencyInProgress();
    const row = this.rows.get(nameOf(key));
    if (!row || row.createdAt.getTime() <= this.clock.now().getTime() - keptForMs) return null;
    if (row.body !== key.body) throw idempotencyKeyReused();
    return row.answer;
  }

  async remember(key: RequestKey, checkId: string, answer: object): Promise<void> {
    const asJson = JSON.parse(JSON.stringify(answer)) as object;
    const { teamId, body } = key;
    this.rows.set(nameOf(key), { body, teamId, checkId, answer: asJson, createdAt: this.clock.now() });
  }

  async erase(teamId: string, checkId: string): Promise<void> {
    this.rows.deleteWhere((row) => row.teamId === teamId && row.checkId === checkId);
  }

  /** What is stored. */
  get all(): Row[] {
    return this.rows.all();
  }
}

const nameOf = ({ teamId, userId, path, key }: RequestKey): string => [teamId, userId, path, key].join('\n');
