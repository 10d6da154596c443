import type { EventType } from '../contract.js';
import type { Announced } from './webhook-events.js';

/** What decides which events a change of a check makes. */
export interface CheckStanding {
  /** Grows with every change of the check. */
  revision: number;
  /** It has left its first status, or something holds it up there. */
  hasMoved: boolean;
  isComplete: boolean;
  /** A person of the team must act. */
  needsAttention: boolean;
  requestedAt: Date;
  statusChangedAt: Date;
}

/** Of a check about which nothing was announced, only what happened so recently is news. */
const newsMs = 24 * 3600 * 1000;

/**
 * The events that a check makes, in their order. `before`: what was announced last; null: nothing, because the check is new, the team
 * had no endpoint, or it was too long ago.
 */
export function changesOf(check: CheckStanding, before: Announced | null, now: Date): EventType[] {
  const isNews = (at: Date): boolean => now.getTime() - at.getTime() < newsMs;
  const types: EventType[] = [];
  if (before === null && isNews(check.requestedAt)) types.push('background_check.requested');
  if (before === null ? check.hasMoved : check.revision > (before.revision ?? 0))
    types.push('background_check.status_changed');
  const begins = (is: boolean, was: boolean | undefined): boolean =>
    is && (was === undefined ? isNews(check.statusChangedAt) : !was);
  if (begins(check.isComplete, before?.isComplete)) types.push('background_check.completed');
  if (begins(check.needsAttention, before?.needsAttention)) types.push('background_check.needs_attention');
  return types;
}

export const announcedOf = ({ revision, isComplete, needsAttention }: CheckStanding): Announced => ({
  ...{ revision, isComplete, needsAttention },
  state: null,
});
