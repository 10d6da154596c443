import type { Tone } from '../shell/StatusBadge';
import type { CertnConnection, Webhooks } from './connection';

const stateWords: Record<Exclude<CertnConnection['state'], 'enabled'>, { word: string; tone: Tone }> = {
  not_connected: { word: 'Not connected', tone: 'neutral' },
  attention: { word: 'Needs attention', tone: 'bad' },
  disabled: { word: 'Disabled', tone: 'neutral' },
};

/** Connected is what works in both directions: calls to Certn, and events from there. */
const webhookWords: Record<Webhooks['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'Waiting for the first event', tone: 'waiting' },
  working: { word: 'Connected', tone: 'good' },
  refused: { word: 'Events refused', tone: 'bad' },
};

export const standingOf = ({ state, health }: CertnConnection): { word: string; tone: Tone } =>
  state === 'enabled' ? webhookWords[health.webhooks.state] : stateWords[state];

/** What saving proved. */
export const savedWords: Record<Webhooks['state'], string> = {
  waiting: 'Saved. The API key works. Waiting for the first event from Certn.',
  working: 'Saved. The API key works, and events from Certn arrive.',
  refused: 'Saved. The API key works, but events from Certn are refused.',
};

/** Why, and what to do. */
export const causeWords: Record<NonNullable<Webhooks['likely_cause']>, string> = {
  wrong_secret:
    'They did not match the saved webhook secret key, and none ever did: it is probably the wrong one. Copy it again from the webhook in Certn and save it.',
  secret_changed:
    'They did not match the saved webhook secret key, although earlier ones did. Either the secret was changed in Certn, or a webhook of another Certn account has this URL, or a stranger sends events. Compare the secret in Certn; if it is the same, nothing is lost.',
};
