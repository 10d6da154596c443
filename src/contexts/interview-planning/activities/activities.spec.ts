import { validate } from 'class-validator';
import { plainToInstance } from 'class-transformer';
import { activities } from './index.js';

/** The fields that a kind refuses in a body. Unknown fields are refused too, as the service does. */
async function refused(type: string, body: object, part: 'NewItem' | 'ItemChange' = 'NewItem'): Promise<string[]> {
  const activity = activities.find((one) => one.type === type);
  if (!activity) throw new Error(`There is no activity ${type}.`);
  const given = plainToInstance(activity[part], part === 'NewItem' ? { type, ...body } : body);
  const errors = await validate(given, { whitelist: true, forbidNonWhitelisted: true });
  return errors.map(({ property }) => property);
}

const id = '01890a5d-ac96-774b-bcce-b302099a8057';

describe('the registry of activities', () => {
  it('has each type once, in the order of "Add activity"', () => {
    expect(activities.map(({ type, label }) => [type, label])).toEqual([
      ['interview', 'Interview'],
      ['certn_background_check', 'Certn background check'],
      ['task', 'Task'],
    ]);
  });

  it.each(activities.map(({ type }) => type))('refuses for %s a body of another type', async (type) => {
    expect(await refused(type, { type: 'another' })).toContain('type');
  });

  it.each(activities.map(({ type }) => type))('refuses for %s a field that no activity has', async (type) => {
    expect(await refused(type, { colour: 'red' })).toContain('colour');
    expect(await refused(type, { colour: 'red' }, 'ItemChange')).toContain('colour');
  });
});

describe('the configuration of an activity', () => {
  it.each<[string, object]>([
    ['interview', { name: 'Phone call' }],
    ['interview', { name: 'x'.repeat(255) }],
    ['certn_background_check', { package_id: 'pkg-basic' }],
    ['task', { title: 'Call the reference' }],
    ['task', { title: ' Call the reference\n' }],
    ['task', { title: 'x'.repeat(120), assignee_id: id }],
    ['task', { title: 'Ω 日本 🙂', assignee_id: null }],
  ])('of %s accepts %j', async (type, body) => {
    expect(await refused(type, body)).toEqual([]);
    expect(await refused(type, body, 'ItemChange')).toEqual([]);
  });

  it.each<[string, object, string]>([
    ['interview', { name: '  ' }, 'name'],
    ['interview', { name: 'x'.repeat(256) }, 'name'],
    ['interview', { name: 'Call', package_id: 'pkg-basic' }, 'package_id'],
    ['certn_background_check', { package_id: '' }, 'package_id'],
    ['certn_background_check', { package_id: null }, 'package_id'],
    ['certn_background_check', { package_id: 'pkg-basic', name: 'Check' }, 'name'],
    ['task', { title: '' }, 'title'],
    ['task', { title: '   ' }, 'title'],
    ['task', { title: null }, 'title'],
    ['task', { title: ['Call'] }, 'title'],
    ['task', { title: 'x'.repeat(121) }, 'title'],
    ['task', { title: 'Call\nthe reference' }, 'title'],
    ['task', { title: 'Call\u2028the reference' }, 'title'],
    ['task', { title: 'Call\tthe reference' }, 'title'],
    ['task', { title: 'Call\0' }, 'title'],
    ['task', { title: 'Call \ud800' }, 'title'],
    ['task', { title: 'Call', assignee_id: 'Ada' }, 'assignee_id'],
    ['task', { title: 'Call', assignee_id: id.toUpperCase() }, 'assignee_id'],
    ['task', { title: 'Call', assignee_id: [id] }, 'assignee_id'],
    ['task', { title: 'Call', name: 'Call' }, 'name'],
  ])('of %s refuses %j', async (type, body, field) => {
    expect(await refused(type, body)).toEqual([field]);
    expect(await refused(type, body, 'ItemChange')).toEqual([field]);
  });

  it.each([
    ['interview', 'name'],
    ['certn_background_check', 'package_id'],
    ['task', 'title'],
  ])('of a new %s needs its %s', async (type, field) => {
    expect(await refused(type, {})).toEqual([field]);
  });

  it('of a task changes one field without the other', async () => {
    expect(await refused('task', { assignee_id: id }, 'ItemChange')).toEqual([]);
    expect(await refused('task', { title: 'Call' }, 'ItemChange')).toEqual([]);
  });
});
