import { Module } from '@nestjs/common';
import { ChangesController } from './changes.controller.js';
import { ShownChanges } from './shown-changes.js';

/** The HTTP face of the changes feed. It names what the contexts registered, and knows no context. */
@Module({ controllers: [ChangesController], providers: [ShownChanges] })
export class ChangesModule {}
