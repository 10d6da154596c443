import { {{event}} } from '{{from}}';
{{#if needsId}}
import type { Id } from '#kernel/id';
{{/if}}
import { {{handler}} } from './{{file}}.js';

{{#if needsId}}
const id = '01890a5d-ac96-774b-bcce-b302099a8057' as Id;

{{/if}}
describe('{{handler}}', () => {
  it('does its work, also when the event comes twice', async () => {
    const handler = new {{handler}}();
    const event = new {{event}}({{{values}}});
    await handler.handle(event);
    await handler.handle(event);
    expect('what has changed').toBe('write me');
  });
});
