import { packageChoices } from './package-choices';

const one = { vendor: 'One', packages: [{ id: 'a', name: 'Basic' }] };
const other = { vendor: 'Other', packages: [{ id: 'b', name: 'Basic' }] };

describe('The packages to choose from', () => {
  it('are one list when one vendor has any', () => {
    const { options, known } = packageChoices([one, { vendor: 'Other', packages: [] }]);
    expect(options).toEqual([{ value: 'a', label: 'Basic' }]);
    expect([...known]).toEqual(['a']);
  });

  it('are grouped by vendor when several have some', () => {
    expect(packageChoices([one, other]).options).toEqual([
      { group: 'One', items: [{ value: 'a', label: 'Basic' }] },
      { group: 'Other', items: [{ value: 'b', label: 'Basic' }] },
    ]);
  });

  it('hold an id once when two vendors use it', () => {
    const same = { vendor: 'Other', packages: [...other.packages, { id: 'a', name: 'Standard' }] };
    expect(packageChoices([one, same]).options).toEqual(packageChoices([one, other]).options);
  });
});
