import { {{event}} } from '{{from}}';
{{#if needsId}}
import { anId } from '{{top}}test/fakes/platform.js';
{{/if}}
import { {{handler}} } from './{{file}}.js';

describe('{{handler}}', () => {
  it('does its work, also when the event comes twice', async () => {
    const handler = new {{handler}}();
    const event = new {{event}}({{{values}}});
    await handler.handle(event);
    await handler.handle(event);
    expect('what has changed').toBe('write me');
  });
});
