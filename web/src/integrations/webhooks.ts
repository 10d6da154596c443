import type { Tone } from '../shell/StatusBadge';
import type { Connection, Webhooks } from './connection';

const stateWords: Record<Exclude<Connection['state'], 'enabled'>, { word: string; tone: Tone }> = {
  not_connected: { word: 'Not connected', tone: 'neutral' },
  action_required: { word: 'Needs attention', tone: 'bad' },
  disabled: { word: 'Disabled', tone: 'neutral' },
};

/** Connected: both directions work, calls to the vendor and its events. */
const webhookWords: Record<Webhooks['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'Waiting for the first event', tone: 'waiting' },
  working: { word: 'Connected', tone: 'good' },
  refused: { word: 'Events rejected', tone: 'bad' },
};

export const statusOf = ({ state, health }: Connection): { word: string; tone: Tone } =>
  state === 'enabled' ? webhookWords[health.webhooks.state] : stateWords[state];

/** The message after saving. */
export function savedWords({ name, health }: Connection): string {
  const words: Record<Webhooks['state'], string> = {
    waiting: `Saved. The API key works. Waiting for the first event from ${name}.`,
    working: `Saved. The API key works, and events from ${name} arrive.`,
    refused: `Saved. The API key works, but events from ${name} are rejected.`,
  };
  return words[health.webhooks.state];
}

/** What to do about rejected events, by their likely cause. */
export function causeWords(cause: NonNullable<Webhooks['likely_cause']>, vendor: string): string {
  const words: Record<typeof cause, string> = {
    wrong_secret: `No event has matched it yet, so the saved key is probably wrong. Copy it again from ${vendor} and save it here.`,
    secret_changed: `Earlier events matched it. The secret was changed in ${vendor}, another ${vendor} account uses this URL, or events come from another sender. Compare the secret in ${vendor}. If it is the same, nothing is lost.`,
  };
  return words[cause];
}
