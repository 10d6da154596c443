import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { refusedInChange, refusedInNew } from '../../../../../test/support/activity-fields.js';
import { Assignees } from './assignees.js';
import { task } from './task.js';
import { TaskKind } from './task-kind.js';

const id = '01890a5d-ac96-774b-bcce-b302099a8057' as Id;
const other = '01890a5d-ac96-774b-bcce-b302099a8058' as Id;

describe('the fields of a task', () => {
  it.each<[object]>([
    [{ title: 'Call the reference' }],
    [{ title: ' Call the reference\n' }],
    [{ title: 'x'.repeat(120), assignee_id: id }],
    [{ title: 'Ω 日本 🙂', assignee_id: null }],
  ])('accept %j', async (body) => {
    expect(await refusedInNew(task, body)).toEqual([]);
    expect(await refusedInChange(task, body)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ title: '' }, 'title'],
    [{ title: '   ' }, 'title'],
    [{ title: null }, 'title'],
    [{ title: ['Call'] }, 'title'],
    [{ title: 'x'.repeat(121) }, 'title'],
    [{ title: 'Call\nthe reference' }, 'title'],
    [{ title: 'Call\u2028the reference' }, 'title'],
    [{ title: 'Call\tthe reference' }, 'title'],
    [{ title: 'Call\0' }, 'title'],
    [{ title: 'Call \ud800' }, 'title'],
    [{ title: 'Call', assignee_id: 'Ada' }, 'assignee_id'],
    [{ title: 'Call', assignee_id: id.toUpperCase() }, 'assignee_id'],
    [{ title: 'Call', assignee_id: [id] }, 'assignee_id'],
    [{ title: 'Call', name: 'Call' }, 'name'],
    [{ title: 'Call', package_id: 'pkg-basic' }, 'package_id'],
  ])('refuse %j', async (body, field) => {
    expect(await refusedInNew(task, body)).toEqual([field]);
    expect(await refusedInChange(task, body)).toEqual([field]);
  });

  it('need a title for a new task, and nothing for a change', async () => {
    expect(await refusedInNew(task, {})).toEqual(['title']);
    expect(await refusedInChange(task, {})).toEqual([]);
    expect(await refusedInChange(task, { assignee_id: id })).toEqual([]);
  });
});

/** One user who can be assigned, one who cannot; both have names. */
class Users extends Assignees {
  find(_teamId: string, _jobId: Id, userId: Id): Promise<'assignable' | 'unavailable' | 'unknown'> {
    return Promise.resolve(userId === id ? 'assignable' : userId === other ? 'unavailable' : 'unknown');
  }
  names(): Promise<ReadonlyMap<Id, string>> {
    return Promise.resolve(
      new Map([
        [id, 'Tove'],
        [other, 'Former user'],
      ]),
    );
  }
}

describe('the content of a task', () => {
  const kind = new TaskKind(new Users());
  const place = { teamId: 'team', jobId: 'job' as Id };
  const reason = (work: Promise<unknown>) =>
    work.then(
      () => 'accepted',
      (refusal: unknown) => (refusal instanceof DomainError ? refusal.reason : String(refusal)),
    );

  it('is its title, which is also its name, and its assignee', async () => {
    expect(await kind.create(place, { type: 'task', title: 'Call' })).toEqual({
      vendor: null,
      name: 'Call',
      package: null,
      configuration: { title: 'Call', assignee_id: null },
    });
  });

  it.each([
    [{ title: 'Visit' }, { title: 'Visit', assignee_id: id }],
    [{ assignee_id: null }, { title: 'Call', assignee_id: null }],
    [{}, { title: 'Call', assignee_id: id }],
  ])('changed by %j is %j', async (fields, configuration) => {
    const present = await kind.create(place, { type: 'task', title: 'Call', assignee_id: id });
    const change = await kind.change(place, fields);
    expect(change(present)).toEqual({ vendor: null, name: configuration.title, package: null, configuration });
  });

  it.each([
    [id, 'accepted'],
    [other, 'assignee_unavailable'],
    ['01890a5d-ac96-774b-bcce-b302099a8059' as Id, 'unknown_reference'],
    [null, 'accepted'],
  ])('with the assignee %s is %s', async (assignee_id, expected) => {
    expect(await reason(kind.create(place, { type: 'task', title: 'Call', assignee_id }))).toBe(expected);
    expect(await reason(kind.change(place, { assignee_id }))).toBe(expected);
  });

  it('shows assignees by name, also former ones, in the order that was asked', async () => {
    const stored = [id, null, other].map((assignee_id) => ({ title: 'Call', assignee_id }));
    expect(await kind.show('team', stored)).toEqual([
      { title: 'Call', assignee: { id, name: 'Tove' } },
      { title: 'Call', assignee: null },
      { title: 'Call', assignee: { id: other, name: 'Former user' } },
    ]);
  });
});
