import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type AccessLevel, Caller, publicCapabilities, type PublicCapability } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import { type Scope, scopes } from '#kernel/scopes';
import { AnyScope, CurrentCaller } from '#platform/auth/requires';
import { AdminNoticesView, type AdminNotice, noticeKinds } from '../../views/admin-notices.js';
import { UsersView } from '../../views/users.js';
import { AccessLevelField, ActorResponse, ReferenceResponse } from './person.dto.js';

class NoticeResponse implements AdminNotice {
  @ApiProperty({ enum: noticeKinds }) kind!: AdminNotice['kind'];
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    type: ReferenceResponse,
    description: 'The user who was linked to or unlinked from a candidate, or became an admin',
  })
  user!: ReferenceResponse;
  @ApiProperty({ type: ReferenceResponse, nullable: true }) by!: ReferenceResponse | null;
}

class MeResponse extends ActorResponse {
  @ApiProperty({ description: 'Empty for a service account' }) email!: string;
  @AccessLevelField() access_level!: AccessLevel;
  @ApiProperty({ type: ReferenceResponse }) team!: ReferenceResponse;
  @ApiProperty({ enum: publicCapabilities, isArray: true }) capabilities!: PublicCapability[];
  @ApiProperty({
    enum: scopes,
    isArray: true,
    nullable: true,
    description: 'Null for users. Capabilities show what is left of the rights of a service account within its scopes.',
  })
  scopes!: readonly Scope[] | null;
  @ApiProperty({ type: [NoticeResponse], description: 'Of the last 30 days, newest first; for admins only' })
  notices!: NoticeResponse[];
}

@ApiTags('Users')
@ApiBearerAuth()
@Controller('me')
export class MeController {
  constructor(
    private readonly people: UsersView,
    private readonly notices: AdminNoticesView,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'getMe', summary: 'Read the signed-in user or service account' })
  @AnyScope()
  @ApiOkResponse({ type: MeResponse })
  async me(@CurrentCaller() caller: Caller): Promise<MeResponse> {
    const oneself = await this.people.oneself(caller.teamId, caller.user.id);
    if (!oneself) throw notFound();
    const { id, name } = caller.user;
    const { email, team } = oneself;
    const notices = await this.notices.of(caller);
    const { level, scopes: own, isServiceAccount } = caller;
    const kind = isServiceAccount ? 'service_account' : 'user';
    const rights = { access_level: level, capabilities: caller.capabilities(), scopes: own };
    return { id, name, kind, email, team, ...rights, notices };
  }
}
