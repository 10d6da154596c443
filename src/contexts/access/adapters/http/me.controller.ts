import { Controller, Get } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { type AccessLevel, Caller, publicCapabilities, type PublicCapability } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import { type Scope, scopes } from '#kernel/scopes';
import { AnyScope, CurrentCaller } from '#platform/auth/requires';
import { IdField } from '#platform/http/ids';
import { AdminNoticesView, type AdminNotice, noticeKinds } from '../../views/admin-notices.js';
import { UsersView } from '../../views/users.js';
import { AccessLevelField, ActorResponse, ReferenceResponse } from './person.dto.js';

class DisabledEndpointResponse {
  @IdField() id!: string;
  @ApiProperty({ description: 'The host of its address' }) host!: string;
  @ApiProperty({ description: '`gone`: it answered 410; `failing`: nothing succeeded for five days' }) reason!: string;
}

class NoticeResponse implements AdminNotice {
  @ApiProperty({ enum: noticeKinds }) kind!: AdminNotice['kind'];
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({
    type: ReferenceResponse,
    description:
      'The user who was linked to or unlinked from a candidate, became an admin, or added the webhook endpoint that was switched off',
  })
  user!: ReferenceResponse;
  @ApiProperty({ type: ReferenceResponse, nullable: true }) by!: ReferenceResponse | null;
  @ApiProperty({ type: DisabledEndpointResponse, nullable: true, description: 'Only of `webhook_endpoint_disabled`' })
  webhook_endpoint!: DisabledEndpointResponse | null;
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
