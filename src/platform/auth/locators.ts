import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { SubjectLocator } from './ports.js';

/** Where things are, whichever context has them: the locators that all contexts registered, by their subject. */
@Injectable()
export class Locators {
  private known: Map<string, SubjectLocator> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  of(subject: string): SubjectLocator {
    this.known ??= new Map(
      this.discovery
        .getProviders()
        .map((wrapper) => wrapper.instance as unknown)
        .filter((instance) => instance instanceof SubjectLocator)
        .map((locator) => [locator.subject, locator]),
    );
    const locator = this.known.get(subject);
    if (!locator) throw new Error(`No context registered a locator for "${subject}".`);
    return locator;
  }
}
