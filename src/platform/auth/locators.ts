import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { registered } from '../registered.js';
import { SubjectLocator } from './ports.js';

/** The locators that the contexts registered, by subject. They find a thing in whichever context owns it. */
@Injectable()
export class Locators {
  private known: Map<string, SubjectLocator> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  of(subject: string): SubjectLocator {
    this.known ??= new Map(registered(this.discovery, SubjectLocator).map((locator) => [locator.subject, locator]));
    const locator = this.known.get(subject);
    if (!locator) throw new Error(`No context registered a locator for "${subject}".`);
    return locator;
  }
}
