import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { nextRunAfter } from '#kernel/retention';
import { HiringWorld } from '../../../../test/fakes/hiring/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CandidateAnonymised, CountErasedCheck } from '../contract.js';
import { Application } from '../domain/application.js';
import { Candidate } from '../domain/candidate.js';
import { RetentionDue } from '../domain/events.js';
import { AnonymiseCandidate, AnonymiseCandidateHandler } from './anonymise-candidate.js';
import { CountErasedCheckHandler } from './count-erased-check.js';
import { ErasePerson } from './erase-person.js';
import { HoldCandidate, HoldCandidateHandler } from './hold-candidate.js';
import { SetRetentionRule, SetRetentionRuleHandler } from './set-retention-rule.js';
import { StartRetention } from './start-retention.js';
import { WhenRetentionDue } from './when-retention-due.js';

let world: HiringWorld;
let erasePerson: ErasePerson;
beforeEach(() => {
  world = new HiringWorld();
  const { candidates, applications, erasures, colleagues, audit, outbox, clock } = world;
  erasePerson = new ErasePerson(candidates, applications, erasures, colleagues, audit, outbox, clock);
});

const caller = (level: 'admin' | 'standard' = 'admin', own: Id[] = []) =>
  new Caller(world.teamId, { id: anId(), name: 'Ada' }, level, { kind: 'all_but', jobIds: [] }, new Map(), own);
const aCandidate = async (externalId: string | null = null): Promise<Id> => {
  const addresses = [{ value: 'ada@example.org', is_primary: true }];
  const given = [world.teamId, anId(), 'Ada', 'Lovelace', addresses, [], externalId, world.clock.now()] as const;
  const candidate = new Candidate(given[0], given[1], given[2], given[3], [...given[4]], [], given[6], given[7]);
  await world.unitOfWork.run(() => world.candidates.save(candidate));
  return candidate.id;
};
const anApplication = async (candidateId: Id, status: Application['status'], externalId: string | null = null) => {
  const application = new Application(
    ...([world.teamId, anId(), candidateId, anId(), status, externalId, world.clock.now()] as const),
  );
  await world.unitOfWork.run(() => world.applications.save(application));
  return application.id;
};
const anonymise = (id: Id, by = caller()) =>
  new AnonymiseCandidateHandler(world.unitOfWork, world.candidates, erasePerson, world.audit).execute(
    new AnonymiseCandidate(by, id),
  );
const hold = (id: Id, held: boolean, by = caller()) =>
  new HoldCandidateHandler(world.unitOfWork, world.candidates, world.clock, world.audit).execute(
    new HoldCandidate(by, id, held),
  );
const isAnonymised = (id: Id) => world.candidates.isAnonymised(world.teamId, id);
const proofOf = (id: Id) => world.erasures.proofs.get(`${world.teamId}/${id}`);
const audited = () => world.audit.entries.map(({ action, outcome }) => [action, outcome]);

describe('anonymising a candidate', () => {
  it('erases who they are, keeps a proof, and tells the others', async () => {
    const by = caller();
    const id = await aCandidate();
    await anonymise(id, by);
    const nothing = { firstName: 'Anonymised', lastName: 'candidate', email: null, emailAddresses: [] };
    expect(await world.candidates.find(world.teamId, id)).toMatchObject(nothing);
    expect(proofOf(id)).toMatchObject({ by: by.user.id, outcomesWithheld: false, checks: [] });
    expect(world.outbox.events).toEqual([new CandidateAnonymised(world.teamId, id)]);
    expect(audited()).toEqual([['candidate.anonymise', 'done']]);
  });

  it('twice changes nothing, and tells nothing', async () => {
    const id = await aCandidate();
    await anonymise(id);
    world.clock.advance({ hours: 1 });
    const first = proofOf(id);
    await anonymise(id);
    expect([proofOf(id), world.outbox.events.length, audited().length]).toEqual([first, 1, 1]);
  });

  it('remembers erased external ids for imports only, and never shows them', async () => {
    const id = await aCandidate('C1');
    const applicationId = await anApplication(id, 'rejected', 'A1');
    await anonymise(id);
    expect((await world.applications.find(world.teamId, applicationId))?.externalId).toBeNull();
    expect((await world.candidates.withExternalId(world.teamId, 'C1'))?.id).toBe(id);
    expect((await world.applications.withExternalId(world.teamId, 'A1'))?.id).toBe(applicationId);
  });

  it('is refused on legal hold, to the candidate themselves, and to others than admins', async () => {
    const id = await aCandidate();
    await hold(id, true);
    await expect(anonymise(id)).rejects.toMatchObject({ reason: 'legal_hold' });
    await expect(anonymise(id, caller('admin', [id]))).rejects.toMatchObject({ reason: 'own_link' });
    await expect(anonymise(id, caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(anonymise(anId())).rejects.toMatchObject({ kind: 'not_found' });
    expect([await isAnonymised(id), world.outbox.events, audited()]).toEqual([
      ...[
        false,
        [],
        [
          ['candidate.legal_hold', 'done'],
          ['candidate.anonymise', 'refused'],
        ],
      ],
    ]);
    await hold(id, false);
    await anonymise(id);
    expect(await isAnonymised(id)).toBe(true);
  });

  it('counts checks that end later, without their outcome for a colleague', async () => {
    const [id, colleague] = [await aCandidate(), await aCandidate()];
    world.colleagues.candidates.add(colleague);
    for (const one of [id, colleague]) {
      await anonymise(one);
      const ended = new CountErasedCheck(world.teamId, one, 'Basic', 'clear', 'complete');
      await new CountErasedCheckHandler(world.erasures).execute(ended);
    }
    expect([proofOf(id)?.checks, proofOf(colleague)?.checks]).toEqual([
      [{ package: 'Basic', outcome: 'clear', count: 1 }],
      [{ package: 'Basic', outcome: 'complete', count: 1 }],
    ]);
  });

  it('has one effect when its unit of work runs twice', async () => {
    const id = await aCandidate();
    world.unitOfWork.collides = true;
    await anonymise(id);
    expect([world.outbox.events.length, audited().length]).toEqual([1, 1]);
  });
});

describe('a legal hold', () => {
  it('is set and lifted by admins, with an audit entry each', async () => {
    const id = await aCandidate();
    await expect(hold(id, true, caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    for (const held of [true, true, false]) await hold(id, held);
    expect(audited()).toHaveLength(2);
    await expect(hold(anId(), true)).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('the retention rule', () => {
  const setRule = (months: number | null, by = caller()) =>
    new SetRetentionRuleHandler(world.unitOfWork, world.retention, world.clock, world.audit).execute(
      new SetRetentionRule(by, months),
    );
  const start = () => new StartRetention(world.retention, world.unitOfWork, world.outbox, world.clock).due();
  const run = () => {
    const { retention, erasures, candidates, applications, unitOfWork, outbox, clock } = world;
    const parts = [retention, erasures, candidates, applications, erasePerson, unitOfWork, outbox, clock] as const;
    return new WhenRetentionDue(...parts).handle(new RetentionDue(world.teamId));
  };
  beforeEach(() => setRule(3));

  it('is set by admins, once', async () => {
    await expect(setRule(6, caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    await setRule(3);
    expect(audited()).toEqual([['retention_rule.update', 'done']]);
  });

  it('runs once a day', async () => {
    await start();
    expect(world.outbox.events).toEqual([]);
    world.clock.advance({ days: 1 });
    await Promise.all([start(), start()]);
    expect(world.outbox.take()).toEqual([new RetentionDue(world.teamId)]);
    expect((await world.retention.takeDueTeams(nextRunAfter(world.clock.now()), world.clock.now(), 1)).length).toBe(1);
  });

  it('anonymises the candidates who are due, and no others', async () => {
    const [rejected, hired, held] = [await aCandidate(), await aCandidate(), await aCandidate()];
    await anApplication(rejected, 'rejected');
    await anApplication(hired, 'hired');
    await hold(held, true);
    world.clock.advance({ days: 80 });
    await run();
    expect(await isAnonymised(rejected)).toBe(false);
    world.clock.advance({ days: 20 });
    const fresh = await aCandidate();
    await run();
    expect(await Promise.all([rejected, hired, held, fresh].map(isAnonymised))).toEqual([true, false, false, false]);
    expect(proofOf(rejected)).toMatchObject({ by: null });
  });

  it('does not anonymise somebody who was hired at the last moment', async () => {
    const id = await aCandidate();
    const applicationId = await anApplication(id, 'rejected');
    world.clock.advance({ days: 100 });
    const due = world.retention.due.bind(world.retention);
    world.retention.due = async (...given) => {
      const found = await due(...given);
      await world.unitOfWork.run(async () => {
        const application = await world.applications.find(world.teamId, applicationId);
        application?.become('hired', world.clock.now());
        if (application) await world.applications.save(application);
      });
      return found;
    };
    await run();
    expect(await isAnonymised(id)).toBe(false);
  });

  it('goes on with the others when one fails, and tries that one again later', async () => {
    const [failing, other] = [await aCandidate(), await aCandidate()];
    world.clock.advance({ days: 100 });
    const add = world.erasures.add.bind(world.erasures);
    world.erasures.add = async (erasure) => {
      if (erasure.candidateId === failing) throw new Error('not now');
      return add(erasure);
    };
    await run();
    expect([await isAnonymised(failing), await isAnonymised(other)]).toEqual([false, true]);
    world.erasures.add = add;
    await run();
    expect(await isAnonymised(failing)).toBe(false);
    world.clock.advance({ seconds: 61 });
    await run();
    expect(await isAnonymised(failing)).toBe(true);
  });

  it('takes a hundred at a time, and goes on', async () => {
    for (let n = 0; n < 101; n += 1) await aCandidate();
    world.clock.advance({ days: 100 });
    await run();
    const events = world.outbox.take();
    expect(events.filter((event) => event instanceof CandidateAnonymised)).toHaveLength(100);
    expect(events.at(-1)).toEqual(new RetentionDue(world.teamId));
    await run();
    expect(world.outbox.events).toHaveLength(1);
  });
});
