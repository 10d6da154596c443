import { {{event}} } from '{{from}}';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';

/** Write me: what it does. It runs at least once and in any order, so it reads the present state. */
@HandlesEvent({{event}}, { name: '{{name}}' })
export class {{handler}} implements EventHandler<{{event}}> {
  async handle({ teamId }: {{event}}): Promise<void> {
    // A job that fails is tried again, so no event is lost while this is not written.
    throw new Error(`write me: {{name}} for team ${teamId}`);
  }
}
