import { Global, Module } from '@nestjs/common';
import { Callers } from './callers.js';
import { HostCookies } from './host-cookies.js';

/** Who calls. The answers come from the contexts that provide `Authenticator`, `BrowserSessions` and `JobScopes`. */
@Global()
@Module({ providers: [Callers, HostCookies], exports: [Callers, HostCookies] })
export class AuthModule {}
