import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type ActorKind, actorKinds } from '#contexts/access';
import type { Id } from '#kernel/id';
import { IdField } from '#platform/http/ids';
import { type CheckResult, checkResults, type CheckStatus, checkStatuses } from '../../domain/check-status.js';
import type { CannotSendReason, PlanStage } from '../../views/application-plan.js';
import type { CheckAction } from '../../views/available-actions.js';
import type { CheckAnswer } from '../../views/check-answer.js';

const time = { format: 'date-time' };
const maybe = { type: String, nullable: true };
const maybeId = { type: String, format: 'uuid', nullable: true };
const maybeTime = { type: String, format: 'date-time', nullable: true };

class OrderedPackageResponse {
  @ApiProperty() id!: string;
  @ApiProperty() name!: string;
}

export class PersonResponse {
  @IdField() id!: string;
  @ApiProperty(maybe) name!: string | null;
  @ApiProperty({ enum: actorKinds }) kind!: ActorKind;
}

class VendorResponse {
  @ApiProperty({ description: 'An id as in paths.' }) id!: string;
  @ApiProperty() name!: string;
  @ApiProperty(maybe) case_id!: string | null;
  @ApiProperty(maybe) short_id!: string | null;
  @ApiProperty({ ...maybe, description: "The vendor's own status." }) status!: string | null;
  @ApiProperty({ ...maybe, description: 'Null without `view_background_check_results`.' }) score!: string | null;
  @ApiProperty(maybe) portal_url!: string | null;
  @ApiProperty({ ...maybe, enum: ['production', 'sandbox'] }) environment!: string | null;
}

class FailureResponse {
  @ApiProperty() reason!: string;
  @ApiProperty(maybe) message!: string | null;
  @ApiPropertyOptional({
    type: [String],
    description: 'In `needs_decision`: the matching case ids at the vendor. Empty for callers who may not decide.',
  })
  candidates?: string[];
}

export class CheckResponse implements CheckAnswer {
  @IdField() id!: string;
  @IdField() application_id!: Id;
  @IdField() candidate_id!: Id;
  @IdField() job_id!: Id;
  @IdField() job_stage_item_id!: Id;
  @ApiProperty() package!: OrderedPackageResponse;
  @ApiProperty({
    ...maybe,
    description: "The candidate's address, fixed at the request; null once they are anonymised.",
  })
  sent_to!: string | null;
  @ApiProperty({ enum: checkStatuses }) status!: CheckStatus;
  @ApiProperty() status_label!: string;
  @ApiProperty({ ...maybe, enum: checkResults }) result!: CheckResult | null;
  @ApiProperty(maybe) result_label!: string | null;
  @ApiProperty({ ...maybeTime, description: "When the team's retention rule removed the result" })
  result_removed_at!: string | null;
  @ApiProperty() vendor!: VendorResponse;
  @ApiProperty(maybe) results_url!: string | null;
  @ApiProperty() requested_by!: PersonResponse;
  @ApiProperty(time) requested_at!: string;
  @ApiProperty(time) status_changed_at!: string;
  @ApiProperty(maybeTime) confirmed_at!: string | null;
  @ApiProperty(maybeTime) cancel_requested_at!: string | null;
  @ApiProperty({ type: FailureResponse, nullable: true }) failure!: FailureResponse | null;
  @ApiProperty(maybeId) replaces_id!: string | null;
  @ApiProperty(maybeId) replaced_by_id!: string | null;
  @ApiProperty({ enum: ['cancel', 'resend', 'refresh', 'decide', 'open_results'], isArray: true })
  available_actions!: CheckAction[];
  @ApiProperty(time) created_at!: string;
  @ApiProperty(time) updated_at!: string;
}

export class HistoryResponse {
  @ApiProperty({ description: 'From 1, without gaps.' }) revision!: number;
  @ApiProperty(time) at!: string;
  @ApiProperty({
    enum: ['requested', 'status_changed', 'cancel_requested', 'resent', 'decided', 'result_changed'],
  })
  kind!: string;
  @ApiProperty(maybe) from!: string | null;
  @ApiProperty(maybe) to!: string | null;
  @ApiProperty({ type: PersonResponse, nullable: true }) by!: PersonResponse | null;
  @ApiProperty({ enum: ['user', 'vendor', 'system'] }) source!: string;
}

class PlanPackageResponse {
  @ApiProperty(maybe) id!: string | null;
  @ApiProperty(maybe) name!: string | null;
  @ApiProperty() available!: boolean;
}

const reasons: CannotSendReason[] = [
  'not_allowed',
  'candidate_anonymised',
  'item_deleted',
  'application_not_active',
  'integration_not_enabled',
  'check_in_progress',
  'candidate_email_missing',
];

class PlanItemResponse {
  @IdField() id!: string;
  @ApiProperty({ description: 'One of `activity_types`, or one that a later version adds.' }) type!: string;
  @ApiProperty({ ...maybe, description: 'Who carries it out, for kinds that a vendor does: an id as in paths.' })
  vendor!: string | null;
  @ApiProperty({ ...maybe, description: 'The name of that vendor.' }) vendor_name!: string | null;
  @ApiProperty(maybe) display_name!: string | null;
  @ApiProperty(maybeTime) deleted_at!: string | null;
  @ApiProperty({ type: PlanPackageResponse, nullable: true }) package!: PlanPackageResponse | null;
  @ApiProperty({ description: 'For this caller, now.' }) can_send!: boolean;
  @ApiProperty({ ...maybe, enum: reasons }) cannot_send_reason!: CannotSendReason | null;
  @ApiProperty({ type: [CheckResponse], description: 'Newest first.' }) background_checks!: CheckResponse[];
}

export class PlanStageResponse implements PlanStage {
  @IdField() id!: string;
  @ApiProperty() name!: string;
  @ApiProperty() priority!: number;
  @ApiProperty() is_current!: boolean;
  @ApiProperty(maybeTime) deleted_at!: string | null;
  @ApiProperty({ type: [PlanItemResponse] }) items!: PlanItemResponse[];
}
