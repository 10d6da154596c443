import type { Id } from '#kernel/id';

/** What other contexts may ask of {{words}}. */

/** Query: one {{words}} of a team. Null when unknown in that team. */
export class Find{{pascalCase name}} {
  constructor(
    readonly teamId: string,
    readonly {{camelCase name}}Id: Id,
  ) {}
}
export interface {{pascalCase name}}Facts {
  id: Id;
}
