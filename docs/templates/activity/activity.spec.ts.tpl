import { refusedInChange, refusedInNew } from '../../../../../test/support/activity-fields.js';
import { {{camelCase name}} } from './{{name}}.js';

describe('the fields of a {{words}}', () => {
  it.each<[object]>([[{ name: 'Call' }]])('accept %j', async (body) => {
    expect(await refusedInNew({{camelCase name}}, body)).toEqual([]);
    expect(await refusedInChange({{camelCase name}}, body)).toEqual([]);
  });

  it.each<[object, string]>([
    [{ name: '  ' }, 'name'],
    [{ name: '  ' }, 'write me: a field of its own'],
  ])('refuse %j', async (body, field) => {
    expect(await refusedInNew({{camelCase name}}, body)).toEqual([field]);
    expect(await refusedInChange({{camelCase name}}, body)).toEqual([field]);
  });
});
