import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, UnitOfWork } from '#kernel/ports';

/** Write me: who may {{words}}, what it changes, and when it is refused. */
export class {{pascalCase name}} {
  constructor(
    readonly caller: Caller,
    readonly {{camelCase entity}}Id: Id,
  ) {}
}

@CommandHandler({{pascalCase name}})
export class {{pascalCase name}}Handler implements ICommandHandler<{{pascalCase name}}, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, {{camelCase entity}}Id }: {{pascalCase name}}): Promise<void> {
    caller.require('{{requires}}');
    await this.unitOfWork.run(async () => {
      // Write me: load, call the aggregate, save, publish. No network call, and nothing outside of the database.
      const entry = { action: '{{action}}', entity: '{{entity}}', entityId: {{camelCase entity}}Id };
      await this.audit.record(caller, entry);
    });
  }
}
