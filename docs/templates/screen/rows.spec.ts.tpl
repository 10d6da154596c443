import { rowsOf } from './rows';

describe('The rows of {{words}}', () => {
  it('say what the service answered', () => {
    expect(rowsOf([{ type: 'interview', label: 'Interview' }])).toEqual(['write me']);
  });
});
