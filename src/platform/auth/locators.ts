import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { registered } from '../registered.js';
import { type NamedId, namedIds } from './named-ids.js';
import { SubjectLocator } from './ports.js';

/** The locators that the contexts registered, by subject. They find a thing in whichever context owns it. */
@Injectable()
export class Locators {
  private known: Map<string, SubjectLocator> | undefined;
  private fields: Map<string, string> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  private get all(): Map<string, SubjectLocator> {
    this.known ??= new Map(registered(this.discovery, SubjectLocator).map((locator) => [locator.subject, locator]));
    return this.known;
  }

  of(subject: string): SubjectLocator {
    const locator = this.all.get(subject);
    if (!locator) throw new Error(`No context registered a locator for "${subject}".`);
    return locator;
  }

  /** The ids in a body or query as it was sent, each once, in fields that name a thing. Malformed ids are left out. */
  named(sent: unknown): NamedId[] {
    this.fields ??= new Map([...this.all.values()].flatMap((one) => one.fields.map((field) => [field, one.subject])));
    return namedIds(sent, this.fields);
  }
}
