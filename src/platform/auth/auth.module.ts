import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Callers } from './callers.js';
import { HostCookies } from './host-cookies.js';
import { Locators } from './locators.js';

/** Identifies the caller. The contexts that provide `Authenticator`, `BrowserSessions` and `JobScopes` supply the facts. */
@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [Callers, HostCookies, Locators],
  exports: [Callers, HostCookies, Locators],
})
export class AuthModule {}
