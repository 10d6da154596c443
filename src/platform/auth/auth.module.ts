import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Callers } from './callers.js';
import { Locators } from './locators.js';

/** Who calls. The answers come from the contexts that provide `Authenticator` and `JobScopes`. */
@Global()
@Module({ imports: [DiscoveryModule], providers: [Callers, Locators], exports: [Callers, Locators] })
export class AuthModule {}
