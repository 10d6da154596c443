import { withMainAddress } from './main-address';

const work = { value: 'ada@work.example', is_primary: true };
const home = { value: 'ada@home.example', is_primary: false };

describe('The main address of a candidate', () => {
  it('is replaced by a new one; the others stay', () => {
    expect(withMainAddress([work, home], 'ada@new.example')).toEqual([
      { value: 'ada@new.example', is_primary: true },
      home,
    ]);
  });

  it('changes to one that the candidate has already, and all stay', () => {
    expect(withMainAddress([work, home], home.value)).toEqual([
      { ...home, is_primary: true },
      { ...work, is_primary: false },
    ]);
  });

  it('is the only one of a candidate who had none', () => {
    expect(withMainAddress([], home.value)).toEqual([{ ...home, is_primary: true }]);
  });
});
