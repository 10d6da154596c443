import { refusedInChange, refusedInNew } from '../../../../test/support/activity-fields.js';
import { activities } from './index.js';

describe('the registry of activities', () => {
  it('has each type and each label once', () => {
    const types = activities.map(({ type }) => type);
    const labels = activities.map(({ label }) => label);
    expect([new Set(types).size, new Set(labels).size]).toEqual([activities.length, activities.length]);
  });

  it.each(activities)('refuses for $type a body of another type', async (activity) => {
    expect(await refusedInNew(activity, { type: 'another' })).toContain('type');
  });

  it.each(activities)('refuses for $type a field that no activity has', async (activity) => {
    expect(await refusedInNew(activity, { colour: 'red' })).toContain('colour');
    expect(await refusedInChange(activity, { colour: 'red' })).toEqual(expect.arrayContaining(['colour']));
  });
});
