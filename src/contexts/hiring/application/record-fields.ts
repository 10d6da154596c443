import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { ContractValidation } from '#platform/http/validation';
import { MayBeAbsent, ShortText } from '#platform/http/text';
import { applicationStatuses, type ApplicationStatus, type JobStatus, jobStatuses } from '../contract.js';
import type { CandidateDetails } from '../domain/candidate.js';
import type { JobDetails } from '../domain/job.js';

/** What records consist of when they come from outside, be it one by one over HTTP or by the line in an import. */
export class JobFields {
  @ShortText() @ApiProperty() name!: string;
  @ShortText() @IsOptional() @ApiProperty({ type: String, nullable: true, required: false }) requisition_id?:
    string | null;
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) confidential?: boolean;
  @IsIn(jobStatuses) @MayBeAbsent() @ApiProperty({ enum: jobStatuses, required: false }) status?: JobStatus;
}

export class EmailFields {
  @ShortText(320) @ApiProperty() value!: string;
  @IsBoolean() @MayBeAbsent() @ApiProperty({ required: false }) is_primary?: boolean;
}

export class PhoneFields {
  @ShortText(64) @ApiProperty() value!: string;
}

export class CandidateFields {
  @ShortText() @ApiProperty() first_name!: string;
  @ShortText() @ApiProperty() last_name!: string;

  @IsArray()
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => EmailFields)
  @MayBeAbsent()
  @ApiProperty({ type: [EmailFields], required: false })
  email_addresses?: EmailFields[];

  @IsArray()
  @ArrayMaxSize(20)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => PhoneFields)
  @MayBeAbsent()
  @ApiProperty({ type: [PhoneFields], required: false })
  phone_numbers?: PhoneFields[];
}

export class ApplicationFields {
  @ShortText() candidate!: string;
  @ShortText() job!: string;
  @IsIn(applicationStatuses) @MayBeAbsent() status?: ApplicationStatus;
}

/** The fields of an import's line, or the 422 that names what is wrong with them. */
export async function checked<T>(fields: Record<string, unknown>, metatype: new () => T): Promise<T> {
  return (await new ContractValidation().transform(fields, { type: 'body', metatype })) as T;
}

/** Only what is stated: what is left out keeps its value, or takes the default. */
const stated = <T extends object>(details: Partial<T>): Partial<T> =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Partial<T>;

export const jobDetails = ({ name, requisition_id, status, confidential }: Partial<JobFields>): Partial<JobDetails> =>
  stated<JobDetails>({ name, requisitionId: requisition_id, status, confidential });

export const candidateDetails = (fields: Partial<CandidateFields>): Partial<CandidateDetails> =>
  stated<CandidateDetails>({
    firstName: fields.first_name,
    lastName: fields.last_name,
    emailAddresses: fields.email_addresses?.map(({ value, is_primary }) => ({
      value: value.trim(),
      is_primary: is_primary ?? false,
    })),
    phoneNumbers: fields.phone_numbers?.map(({ value }) => ({ value: value.trim() })),
  });

export const newJob = (fields: JobFields): JobDetails => ({
  requisitionId: null,
  status: 'open',
  confidential: false,
  ...jobDetails(fields),
  name: fields.name,
});

export const newCandidate = (fields: CandidateFields): CandidateDetails => ({
  emailAddresses: [],
  phoneNumbers: [],
  ...candidateDetails(fields),
  firstName: fields.first_name,
  lastName: fields.last_name,
});
