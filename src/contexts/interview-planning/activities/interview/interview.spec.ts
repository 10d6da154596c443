import { refusedInChange, refusedInNew } from '../../../../../test/support/activity-fields.js';
import { interview } from './interview.js';

describe('the fields of an interview', () => {
  it.each([[{ name: 'Phone call' }], [{ name: ' Visit ' }], [{ name: 'x'.repeat(255) }]])('accept %j', async (body) => {
    expect(await refusedInNew(interview, body)).toEqual([]);
    expect(await refusedInChange(interview, body)).toEqual([]);
  });

  it.each<[object, string]>([
    [{}, 'name'],
    [{ name: '  ' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ name: 'Call', package_id: 'pkg-basic' }, 'package_id'],
    [{ name: 'Call', title: 'Call' }, 'title'],
  ])('refuse %j', async (body, field) => {
    expect(await refusedInNew(interview, body)).toEqual([field]);
    expect(await refusedInChange(interview, body)).toEqual([field]);
  });
});
