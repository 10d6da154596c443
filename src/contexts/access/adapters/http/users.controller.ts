import { Body, Controller, Get, HttpCode, Patch, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProperty,
  ApiTags,
  PartialType,
} from '@nestjs/swagger';
import { IsBoolean, IsIn, IsOptional, Matches } from 'class-validator';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AccessLevel, accessLevels, Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { CurrentCaller, Requires } from '#platform/auth/requires';
import { ListQuery } from '#platform/http/filters';
import { AreIds, IdInPath } from '#platform/http/ids';
import { paged } from '#platform/http/paging';
import { EmailAddress, MayBeAbsent, ShortText } from '#platform/http/text';
import { Refuses } from '#platform/http/refuses';
import { MakesOne } from '#platform/idempotency/makes-one';
import { Versioned } from '#platform/http/version.interceptor';
import { alreadyTaken, lastAdmin, notOneself, ownLink, userErased } from '../../domain/errors.js';
import { AddUser } from '../../application/add-user.js';
import { ChangeUser } from '../../application/change-user.js';
import { EraseUser } from '../../application/erase-user.js';
import type { UserDetails } from '../../domain/user.js';
import { UsersView, type PersonView } from '../../views/users.js';
import { AccessLevelField, ReferenceResponse } from './person.dto.js';

/** The user signs in with the address exactly as written, so surrounding spaces are refused. */
const NoSpaces = () => Matches(/^(\S(.*\S)?)?$/, { message: 'Leave out the spaces around the email address.' });

class CreateUserRequest {
  @ShortText() @ApiProperty() name!: string;
  @EmailAddress() @NoSpaces() @ApiProperty() email!: string;
  @ShortText() @IsOptional() @ApiProperty({ type: String, nullable: true, required: false }) external_id?:
    string | null;
  @IsIn(accessLevels) @AccessLevelField() access_level!: AccessLevel;
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) disabled?: boolean;

  @AreIds({ required: false, description: "The user's own candidate records" })
  @MayBeAbsent()
  linked_candidate_ids?: Id[];
}

class ChangeUserRequest extends PartialType(CreateUserRequest, { skipNullProperties: false }) {}

const colleagues = {
  type: String,
  nullable: true,
  description: 'Null for colleagues, for restricted and limited users',
};

class UserResponse extends ReferenceResponse implements PersonView {
  @ApiProperty(colleagues) email!: string | null;
  @ApiProperty(colleagues) external_id!: string | null;
  @AccessLevelField() access_level!: AccessLevel;
  @ApiProperty() disabled!: boolean;
  @ApiProperty({ type: 'array', items: { type: 'string', format: 'uuid' } }) linked_candidate_ids!: Id[];
  @ApiProperty({
    type: String,
    format: 'date-time',
    nullable: true,
    description: 'Shown as "Former user" from then on; listed with include_deleted',
  })
  erased_at!: string | null;
  @ApiProperty({ format: 'date-time' }) created_at!: string;
  @ApiProperty({ format: 'date-time' }) updated_at!: string;
}

@ApiTags('Users')
@ApiBearerAuth()
@Controller('users')
export class UsersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly people: UsersView,
    private readonly ids: Ids,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listUsers', summary: 'List the users of the team' })
  @ApiOkResponse({ type: [UserResponse] })
  async list(
    @CurrentCaller() caller: Caller,
    @Query() query: ListQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PersonView[]> {
    return paged(request, reply, query, () => this.people.list(caller, query));
  }

  @Post()
  @ApiOperation({ operationId: 'createUser', summary: 'Add a user' })
  @Refuses(alreadyTaken('email'))
  @Requires('administer_team', undefined, 'user.create')
  @MakesOne('user.create', 'one')
  @ApiCreatedResponse({ type: UserResponse })
  async add(@CurrentCaller() caller: Caller, @Body() body: CreateUserRequest): Promise<PersonView> {
    const id = this.ids.next();
    const { name, email, access_level: accessLevel } = body;
    const stated = { name, email, accessLevel, disabled: false, externalId: null, linkedCandidateIds: [] };
    await this.commands.execute(new AddUser(caller, id, { ...stated, ...detailsOf(body) }));
    return this.one(caller, id);
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getUser', summary: 'Read a user' })
  @Versioned('user')
  @Requires(null, 'user')
  @ApiOkResponse({ type: UserResponse })
  async one(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<PersonView> {
    const person = await this.people.one(caller, id);
    if (!person) throw notFound();
    return person;
  }

  @Patch(':id')
  @ApiOperation({ operationId: 'updateUser', summary: 'Change a user' })
  @Refuses(alreadyTaken('email'), lastAdmin(), ownLink(), userErased())
  @Versioned('user')
  @Requires('administer_team', 'user', 'user.update')
  @ApiOkResponse({ type: UserResponse })
  async change(
    @CurrentCaller() caller: Caller,
    @IdInPath() id: Id,
    @Body() body: ChangeUserRequest,
  ): Promise<PersonView> {
    await this.commands.execute(new ChangeUser(caller, id, detailsOf(body)));
    return this.one(caller, id);
  }

  @Post(':id/erase')
  @ApiOperation({ operationId: 'eraseUser', summary: 'Erase the personal data of a user' })
  @Refuses(lastAdmin(), notOneself(), ownLink())
  @HttpCode(204)
  @Versioned('user')
  @Requires('administer_team', 'user', 'user.erase')
  @ApiNoContentResponse({ description: 'Done, or done before. The user can no longer sign in.' })
  async erase(@CurrentCaller() caller: Caller, @IdInPath() id: Id): Promise<void> {
    await this.commands.execute(new EraseUser(caller, id));
  }
}

/** Only the fields of the body. Absent fields stay as they are. */
function detailsOf(body: ChangeUserRequest): Partial<UserDetails> {
  const details: Partial<UserDetails> = {
    name: body.name,
    email: body.email,
    externalId: body.external_id,
    accessLevel: body.access_level,
    disabled: body.disabled,
    linkedCandidateIds: body.linked_candidate_ids && [...new Set(body.linked_candidate_ids)],
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
