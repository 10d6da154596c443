import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { registered } from '../registered.js';
import { type ChangeEntries, type Thing, VersionedPart } from './versioned-part.js';

/** 96 bits: nobody meets the same twice. */
const length = 16;

/** The versions of things that can be changed under the condition that nobody else changed them. */
@Injectable()
export class Versions {
  private parts: Map<string, VersionedPart[]> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** The same for everyone, and different for any two things. */
  async of(thing: Thing): Promise<string> {
    const states: unknown[] = [];
    for (const part of this.partsOf(thing)) states.push(await part.state(thing));
    const { subject, teamId, key } = thing;
    const words = JSON.stringify([subject, teamId, key, states]);
    return createHash('sha256').update(words).digest('base64url').slice(0, length);
  }

  /** Locks the thing until the transaction ends. A version that is read afterwards sees what earlier holders of the lock committed. */
  async lock(thing: Thing): Promise<void> {
    // A context that builds on another is registered after it, and its use cases lock their own rows first.
    for (const part of this.partsOf(thing).toReversed()) await part.lock(thing);
  }

  async changesOf(thing: Thing): Promise<ChangeEntries[]> {
    const found: ChangeEntries[] = [];
    for (const part of this.partsOf(thing)) found.push(...[await part.changes(thing)].filter((one) => one !== null));
    return found;
  }

  private partsOf({ subject }: Thing): VersionedPart[] {
    this.parts ??= Map.groupBy(registered(this.discovery, VersionedPart), (part) => part.subject);
    const parts = this.parts.get(subject);
    if (!parts) throw new Error(`No context registered what tells versions of "${subject}" apart.`);
    return parts;
  }
}
