import { isDeepStrictEqual } from 'node:util';
import { notFound } from '#kernel/errors';
import { type Id, readId } from '#kernel/id';
import { BackgroundCheck, type HistoryEntry } from '../../../src/contexts/background-checks/domain/background-check.js';
import { changedMeanwhile } from '../../../src/contexts/background-checks/domain/errors.js';
import { Checks, SlotTaken } from '../../../src/contexts/background-checks/domain/ports.js';
import { copyOf, type FakeStore, FakeTable } from '../fake-store.js';

/** The fields of a check, without its methods and what it has not handed over yet. */
export type StoredCheck = Omit<BackgroundCheck, 'releaseEvents'>;
type StoredEntry = HistoryEntry & { teamId: string; checkId: string; emptied: boolean };

interface Row {
  fields: StoredCheck;
  version: number;
}

/** Passes the suite of `Checks`. Keeps checks by copy: a change that is not saved changes nothing. */
export class FakeChecks extends Checks {
  private readonly rows: FakeTable<Row>;
  private readonly history: FakeTable<StoredEntry>;
  /** Each object as it was loaded, or saved last. */
  private readonly known = new WeakMap<BackgroundCheck, Row>();

  constructor(private readonly store: FakeStore) {
    super();
    this.rows = new FakeTable(store);
    this.history = new FakeTable(store);
  }

  async get(teamId: string, id: string): Promise<BackgroundCheck> {
    const key = keyOf({ teamId, id });
    const loaded = this.store.loadedFrom(this);
    const own = loaded.get(key);
    if (own instanceof BackgroundCheck) return own;
    const row = readId(id) && this.rows.get(key);
    if (!row) throw notFound();
    const check = Object.assign(new BackgroundCheck(), row.fields);
    this.known.set(check, copyOf(row));
    loaded.set(key, check);
    return check;
  }

  async holderOfSlot(teamId: string, applicationId: Id, itemId: Id): Promise<string | null> {
    return this.holder({ teamId, applicationId, jobStageItemId: itemId })?.id ?? null;
  }

  async idsOfCandidate(teamId: string, candidateId: Id): Promise<string[]> {
    return this.where((one) => one.teamId === teamId && one.candidateId === candidateId).map(({ id }) => id);
  }

  async idsWithoutCase(teamId: string, applicationId: Id): Promise<string[]> {
    const found = this.where((one) => one.teamId === teamId && one.applicationId === applicationId);
    return found.filter((one) => one.holdsSlot && one.caseId === null).map(({ id }) => id);
  }

  async add(check: BackgroundCheck): Promise<void> {
    await this.mustBeFree(check);
    this.write(check, 1);
    this.store.loadedFrom(this).set(keyOf(check), check);
  }

  async save(check: BackgroundCheck): Promise<void> {
    const before = this.known.get(check);
    if (!before) throw new Error('A check is loaded or added before it is saved.');
    await this.store.lock(rowLock(check));
    if (isDeepStrictEqual(before.fields, fieldsOf(check))) return this.appendHistory(check);
    if (this.rows.get(keyOf(check))?.version !== before.version) throw changedMeanwhile();
    if (check.holdsSlot && !before.fields.holdsSlot) await this.mustBeFree(check);
    this.write(check, before.version + 1);
  }

  async emptyHistory({ teamId, id, settledAt }: BackgroundCheck): Promise<void> {
    const settled = settledAt !== null;
    for (const entry of this.historyOf({ teamId, id })) {
      if (!settled && entry.kind !== 'result_changed') continue;
      this.history.set(entryKey(entry), { ...entry, from: null, to: null, emptied: settled || entry.emptied });
    }
  }

  /** What is stored, oldest check first. */
  get all(): StoredCheck[] {
    return this.where(() => true);
  }

  where(fits: (check: StoredCheck) => boolean): StoredCheck[] {
    return this.rows.where(({ fields }) => fits(fields)).map(({ fields }) => fields);
  }

  historyOf({ teamId, id }: { teamId: string; id: string }): StoredEntry[] {
    return this.history.where((entry) => entry.teamId === teamId && entry.checkId === id);
  }

  private holder(slot: Pick<StoredCheck, 'teamId' | 'applicationId' | 'jobStageItemId'>): StoredCheck | undefined {
    return this.where(
      ({ teamId, applicationId, jobStageItemId, holdsSlot }) =>
        holdsSlot &&
        teamId === slot.teamId &&
        applicationId === slot.applicationId &&
        jobStageItemId === slot.jobStageItemId,
    )[0];
  }

  private async mustBeFree(check: BackgroundCheck): Promise<void> {
    const { teamId, applicationId, jobStageItemId, replacesId } = check;
    await this.store.lock(`slot ${teamId}/${applicationId}/${jobStageItemId}`);
    if (check.holdsSlot && this.holder(check)) throw new SlotTaken();
    if (replacesId === null) return;
    await this.store.lock(`successor of ${teamId}/${replacesId}`);
    if (this.where((one) => one.teamId === teamId && one.replacesId === replacesId).length > 0)
      throw changedMeanwhile();
  }

  private write(check: BackgroundCheck, version: number): void {
    const row = { fields: fieldsOf(check), version };
    this.rows.set(keyOf(check), row);
    this.known.set(check, row);
    this.appendHistory(check);
  }

  private appendHistory(check: BackgroundCheck): void {
    for (const entry of check.releaseHistory()) {
      const stored = { ...entry, teamId: check.teamId, checkId: check.id, emptied: false };
      this.history.set(entryKey(stored), stored);
    }
  }
}

export const keyOf = ({ teamId, id }: { teamId: string; id: string }): string => `${teamId}/${id}`;
/** Saving a check and planning its cancellation lock the same row. */
export const rowLock = (check: { teamId: string; id: string }): string => `check ${keyOf(check)}`;
const entryKey = ({ teamId, checkId, revision }: StoredEntry): string => `${teamId}/${checkId}/${revision}`;

/** What a check has not handed over is not part of its row. */
function fieldsOf(check: BackgroundCheck): StoredCheck {
  const { pending: _pending, unsaved: _unsaved, ...fields } = check as unknown as Record<string, unknown>;
  return copyOf(fields) as unknown as StoredCheck;
}
