import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { applicationView, candidateView } from '#contexts/hiring';
import { packageView } from '#contexts/integrations';
import { itemView, placementView, stageView } from '#contexts/interview-planning';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { type CheckAnswer, checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';
import { CheckPresenter, type VendorsNow } from './check-presenter.js';

interface StageRow {
  id: string;
  name: string;
  priority: number;
  deleted_at: string | null;
}

interface ItemRow {
  id: string;
  stage_id: string;
  type: string;
  vendor: string | null;
  name: string | null;
  package_id: string | null;
  package_name: string | null;
  available: boolean;
  deleted_at: string | null;
}

type PlacedCheck = CheckRow & { holds_slot: boolean };

interface PlanRow {
  status: string;
  job_id: Id;
  candidate_id: Id;
  email: string | null;
  anonymised: boolean;
  current_stage_id: string | null;
  stages: StageRow[];
  items: ItemRow[];
  checks: PlacedCheck[];
}

/** The data for the answer about one item. */
interface Sight {
  caller: Caller;
  plan: PlanRow;
  vendors: VendorsNow;
  checks: Map<string, PlacedCheck[]>;
}

export type CannotSendReason =
  | 'not_allowed'
  | 'candidate_anonymised'
  | 'item_deleted'
  | 'application_not_active'
  | 'integration_not_enabled'
  | 'check_in_progress'
  | 'candidate_email_missing';

/** The Application tab: every stage of the job's plan with its activities, and the checks sent from each. */
@Injectable()
export class ApplicationPlanView {
  constructor(
    private readonly database: Database,
    private readonly presenter: CheckPresenter,
  ) {}

  async of(caller: Caller, applicationId: Id) {
    const plan = await this.plan(caller.teamId, applicationId);
    if (!plan) throw notFound();
    const asked = [...plan.items, ...plan.checks].flatMap(({ vendor }) => vendor ?? []);
    const vendors = await this.presenter.vendorsNow(caller.teamId, new Set(asked));
    const own = caller.isSelf(plan.candidate_id);
    const checks = Map.groupBy(own ? [] : plan.checks, (check) => check.job_stage_item_id);
    const sight = { caller, plan, vendors, checks };
    return plan.stages
      .map((stage) => this.stage(stage, sight))
      .filter(({ deleted_at, items }) => !deleted_at || items.length);
  }

  private stage(stage: StageRow, sight: Sight) {
    const items = sight.plan.items.filter(
      // A removed activity is shown as long as it has checks.
      (item) => item.stage_id === stage.id && (item.deleted_at === null || sight.checks.has(item.id)),
    );
    return {
      id: stage.id,
      name: stage.name,
      priority: stage.priority,
      is_current: stage.id === sight.plan.current_stage_id,
      deleted_at: isoTime(stage.deleted_at),
      items: items.map((item) => this.item(item, sight)),
    };
  }

  private item(item: ItemRow, sight: Sight) {
    const isCheck = item.package_id !== null;
    const checks = sight.checks.get(item.id) ?? [];
    const reason = isCheck ? cannotSend(item, checks, sight) : null;
    const answer = (check: PlacedCheck): CheckAnswer => this.presenter.answer(check, sight.caller, sight.vendors);
    return {
      id: item.id,
      type: item.type,
      vendor: item.vendor,
      vendor_name: item.vendor === null ? null : (sight.vendors.names.get(item.vendor) ?? item.vendor),
      display_name: item.name,
      deleted_at: isoTime(item.deleted_at),
      package: isCheck ? { id: item.package_id, name: item.package_name, available: item.available } : null,
      can_send: isCheck && reason === null,
      cannot_send_reason: reason,
      background_checks: checks.map(answer),
    };
  }

  /** One statement reads everything, because the tab is opened often. */
  private async plan(teamId: string, applicationId: Id): Promise<PlanRow | null> {
    return this.database.first<PlanRow>(sql`
      select a.status, a.job_id, a.candidate_id, cand.email, cand.anonymised_at is not null as anonymised, p.stage_id as current_stage_id,
        (select coalesce(json_agg(s), '[]') from (
          select id, name, priority, deleted_at from ${sql.table(stageView)}
          where team_id = a.team_id and job_id = a.job_id order by priority, id) s) as stages,
        (select coalesce(json_agg(i), '[]') from (
          select i.id, i.stage_id, i.kind as type, i.vendor, i.name, i.package_id, i.deleted_at,
            coalesce(k.name, i.package_name) as package_name, coalesce(k.active, false) as available
          from ${sql.table(itemView)} i
          left join ${sql.table(packageView)} k on k.team_id = i.team_id and k.vendor = i.vendor and k.id = i.package_id
          where i.team_id = a.team_id and i.job_id = a.job_id order by i.id) i) as items,
        (select coalesce(json_agg(k), '[]') from (
          select ${checkColumns}, c.holds_slot from ${checksWithRequester}
          where c.team_id = a.team_id and c.application_id = a.id order by c.created_at desc, c.id desc) k) as checks
      from ${sql.table(applicationView)} a
      left join ${sql.table(candidateView)} cand on cand.team_id = a.team_id and cand.id = a.candidate_id
      left join ${sql.table(placementView)} p on p.team_id = a.team_id and p.application_id = a.id
      where a.team_id = ${teamId} and a.id = ${applicationId}`);
  }
}

/** In the order of a send's refusals: the right to send, the activity, then the rules of sending. */
function cannotSend(item: ItemRow, checks: PlacedCheck[], { caller, plan, vendors }: Sight): CannotSendReason | null {
  const allowed = caller.can('send_background_check', plan.job_id) && !caller.isSelf(plan.candidate_id);
  if (!allowed) return 'not_allowed';
  if (item.deleted_at !== null) return 'item_deleted';
  if (plan.anonymised) return 'candidate_anonymised';
  if (plan.status !== 'active') return 'application_not_active';
  if (!vendors.connected.has(item.vendor ?? '')) return 'integration_not_enabled';
  if (checks.some((check) => check.holds_slot)) return 'check_in_progress';
  return plan.email === null ? 'candidate_email_missing' : null;
}

export type PlanStage = Awaited<ReturnType<ApplicationPlanView['of']>>[number];
