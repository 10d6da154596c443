import type { Tone } from '../shell/StatusBadge';
import type { CertnConnection, Webhooks } from './connection';

const stateWords: Record<Exclude<CertnConnection['state'], 'enabled'>, { word: string; tone: Tone }> = {
  not_connected: { word: 'Not connected', tone: 'neutral' },
  action_required: { word: 'Needs attention', tone: 'bad' },
  disabled: { word: 'Disabled', tone: 'neutral' },
};

/** Connected: both directions work, calls to Certn and events from Certn. */
const webhookWords: Record<Webhooks['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'Waiting for the first event', tone: 'waiting' },
  working: { word: 'Connected', tone: 'good' },
  refused: { word: 'Events rejected', tone: 'bad' },
};

export const statusOf = ({ state, health }: CertnConnection): { word: string; tone: Tone } =>
  state === 'enabled' ? webhookWords[health.webhooks.state] : stateWords[state];

/** The message after saving. */
export const savedWords: Record<Webhooks['state'], string> = {
  waiting: 'Saved. The API key works. Waiting for the first event from Certn.',
  working: 'Saved. The API key works, and events from Certn arrive.',
  refused: 'Saved. The API key works, but events from Certn are rejected.',
};

/** The likely cause, and what to do. */
export const causeWords: Record<NonNullable<Webhooks['likely_cause']>, string> = {
  wrong_secret:
    'No event has matched it yet, so the saved key is probably wrong. Copy it again from Certn and save it here.',
  secret_changed:
    'Earlier events matched it. The secret was changed in Certn, another Certn account uses this URL, or events come from another sender. Compare the secret in Certn. If it is the same, nothing is lost.',
};
