import { Global, Module } from '@nestjs/common';
import { Callers } from './callers.js';

/** Who calls. The answers come from the contexts that provide `Authenticator` and `JobScopes`. */
@Global()
@Module({ providers: [Callers], exports: [Callers] })
export class AuthModule {}
