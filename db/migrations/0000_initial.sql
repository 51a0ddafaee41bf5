CREATE TABLE `addition_wishes` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`wish` text NOT NULL,
	`last_on` text NOT NULL,
	`to_agreement_id` integer,
	`reason` text NOT NULL,
	`stood` text NOT NULL,
	`state` text NOT NULL,
	`member` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE INDEX `addition_wishes_state` ON `addition_wishes` (`tenant_id`,`state`);--> statement-breakpoint
CREATE TABLE `invoice_lines` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`source_id` text NOT NULL,
	`account` text NOT NULL,
	`period` text NOT NULL,
	`line` text NOT NULL,
	`origin` text NOT NULL,
	`correction_of` text,
	`snapshot_id` text NOT NULL,
	`loaded_at` integer NOT NULL,
	`said` text NOT NULL,
	`offer` text NOT NULL,
	`subscription` text NOT NULL,
	`billing_cycle` text NOT NULL,
	`charge_type` text NOT NULL,
	`currency` text,
	`quantity` text NOT NULL,
	`unit_cost` text,
	`unit_price` text,
	`invoiced_on` text,
	`charge_kind` text,
	`charge_name` text NOT NULL,
	`name_badge` text NOT NULL,
	`effective_on` text NOT NULL,
	`effective_badge` text NOT NULL,
	`cancelled_on` text,
	`cancelled_badge` text NOT NULL,
	`warning` text,
	`typed_start` text,
	`typed_end` text,
	`agreement_id` integer,
	`left_out` integer NOT NULL,
	`mapping` text NOT NULL,
	`lacks` text,
	`company_id` integer,
	`placed_agreement_id` integer,
	`product_id` integer,
	`placed_addition_id` integer,
	`leave_alone` text DEFAULT '[]' NOT NULL,
	`status` text NOT NULL,
	`reason` text,
	`addition_id` integer,
	`posted_at` integer,
	`changed` text,
	`gone_at` integer,
	`settled` text,
	`change` text,
	`updated_at` integer,
	`updated_by` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invoice_lines_identity` ON `invoice_lines` (`tenant_id`,`source_id`,`account`,`period`,`line`);--> statement-breakpoint
CREATE INDEX `invoice_lines_grid` ON `invoice_lines` (`tenant_id`,`period`,`source_id`,`account`,`status`,`mapping`,`company_id`,`placed_agreement_id`,`product_id`,`charge_name`,`currency`,`quantity`,`unit_cost`,`unit_price`,`id`,`line`);--> statement-breakpoint
CREATE INDEX `invoice_lines_line` ON `invoice_lines` (`tenant_id`,`source_id`,`account`,`line`);--> statement-breakpoint
CREATE INDEX `invoice_lines_addition` ON `invoice_lines` (`tenant_id`,`addition_id`);--> statement-breakpoint
CREATE INDEX `invoice_lines_status` ON `invoice_lines` (`tenant_id`,`status`);--> statement-breakpoint
CREATE TABLE `line_additions` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`source_id` text NOT NULL,
	`account` text NOT NULL,
	`kind` text NOT NULL,
	`identity` text NOT NULL,
	`period` text NOT NULL,
	`cancelled_on` text,
	`is_end_typed` integer NOT NULL,
	`closed_at` integer,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `line_additions_identity` ON `line_additions` (`tenant_id`,`identity`) WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX `line_additions_account` ON `line_additions` (`tenant_id`,`source_id`,`account`);--> statement-breakpoint
CREATE INDEX `line_additions_agreement` ON `line_additions` (`tenant_id`,`agreement_id`);--> statement-breakpoint
CREATE TABLE `line_loads` (
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`period` text NOT NULL,
	`snapshot_id` text NOT NULL,
	`taken_at` integer NOT NULL,
	`complete` integer NOT NULL,
	`line_count` integer NOT NULL,
	`loaded_at` integer NOT NULL,
	`loaded_by` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `source_id`, `period`)
);
--> statement-breakpoint
CREATE TABLE `logs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`at` integer NOT NULL,
	`level` text NOT NULL,
	`event` text NOT NULL,
	`text` text NOT NULL,
	`source_id` text,
	`account` text,
	`company_id` integer,
	`agreement_id` integer,
	`addition_id` integer,
	`run_id` text,
	`plan_id` text,
	`member` text
);
--> statement-breakpoint
CREATE INDEX `logs_time` ON `logs` (`tenant_id`,`at`);--> statement-breakpoint
CREATE INDEX `logs_level` ON `logs` (`tenant_id`,`level`,`at`);--> statement-breakpoint
CREATE TABLE `conflict_choices` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`choice` text NOT NULL,
	`desired` text NOT NULL,
	`until` text,
	`member` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE TABLE `dated_lines` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`standing_id` integer NOT NULL,
	`kind` text NOT NULL,
	`period` text NOT NULL,
	`day` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dated_lines_identity` ON `dated_lines` (`tenant_id`,`standing_id`,`kind`,`period`,`day`);--> statement-breakpoint
CREATE INDEX `dated_lines_agreement` ON `dated_lines` (`tenant_id`,`agreement_id`);--> statement-breakpoint
CREATE TABLE `last_values` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`how` text NOT NULL,
	`marker` text,
	`quantity` text,
	`unit_cost` text,
	`unit_price` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE TABLE `mappings` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`account` text NOT NULL,
	`reads` text NOT NULL,
	`reads_key` text NOT NULL,
	`target_key` text NOT NULL,
	`company_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`addition_id` integer,
	`product_id` integer,
	`leave_alone` text NOT NULL,
	`include` integer NOT NULL,
	`rule` text NOT NULL,
	`follows_source` integer DEFAULT false NOT NULL,
	`parked_reason` text,
	`parked_at` integer,
	`confirmed_target` text,
	`confirmed_rule` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `mappings_row` ON `mappings` (`tenant_id`,`source_id`,`account`,`reads_key`,`agreement_id`,`target_key`);--> statement-breakpoint
CREATE INDEX `mappings_agreement` ON `mappings` (`tenant_id`,`agreement_id`);--> statement-breakpoint
CREATE TABLE `prorations` (
	`tenant_id` text NOT NULL,
	`addition_id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`state` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `addition_id`)
);
--> statement-breakpoint
CREATE TABLE `additions` (
	`tenant_id` text NOT NULL,
	`id` integer NOT NULL,
	`agreement_id` integer NOT NULL,
	`body` text NOT NULL,
	`read_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `additions_agreement` ON `additions` (`tenant_id`,`agreement_id`);--> statement-breakpoint
CREATE TABLE `agreements` (
	`tenant_id` text NOT NULL,
	`id` integer NOT NULL,
	`company_id` integer NOT NULL,
	`body` text NOT NULL,
	`gone` integer NOT NULL,
	`read_at` integer NOT NULL,
	`moved_back_from` text,
	`invoicing` text,
	`additions_run` text,
	`additions_read_at` integer,
	`additions_problem` text,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `agreements_company` ON `agreements` (`tenant_id`,`company_id`);--> statement-breakpoint
CREATE TABLE `companies` (
	`tenant_id` text NOT NULL,
	`id` integer NOT NULL,
	`name` text NOT NULL,
	`body` text NOT NULL,
	`read_at` integer NOT NULL,
	`agreements_listed_at` integer,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `companies_name` ON `companies` (`tenant_id`,`name`);--> statement-breakpoint
CREATE TABLE `contacts` (
	`tenant_id` text NOT NULL,
	`company_id` integer NOT NULL,
	`email` text NOT NULL,
	`contact_id` integer NOT NULL,
	`is_ours` integer NOT NULL,
	`inactive` integer NOT NULL,
	`read_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `company_id`, `email`)
);
--> statement-breakpoint
CREATE TABLE `products` (
	`tenant_id` text NOT NULL,
	`id` integer NOT NULL,
	`body` text NOT NULL,
	`read_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE TABLE `member_rights` (
	`tenant_id` text NOT NULL,
	`member` text NOT NULL,
	`subject` text NOT NULL,
	`allowed` integer NOT NULL,
	`asked_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `member`, `subject`)
);
--> statement-breakpoint
CREATE TABLE `operator_keys` (
	`hash` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`created_at` integer NOT NULL,
	`until` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE TABLE `refresh_handles` (
	`hash` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`session_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer
);
--> statement-breakpoint
CREATE INDEX `refresh_handles_session` ON `refresh_handles` (`tenant_id`,`session_id`);--> statement-breakpoint
CREATE TABLE `roles` (
	`tenant_id` text NOT NULL,
	`subject` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `subject`, `name`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`member` text NOT NULL,
	`member_name` text NOT NULL,
	`role` text NOT NULL,
	`sealed` text NOT NULL,
	`key_version` integer NOT NULL,
	`created_at` integer NOT NULL,
	`used_at` integer NOT NULL,
	`checked_at` integer NOT NULL,
	`revoked_at` integer
);
--> statement-breakpoint
CREATE INDEX `sessions_member` ON `sessions` (`tenant_id`,`member`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`account` text NOT NULL,
	`name` text NOT NULL,
	`first_seen_at` integer NOT NULL,
	`last_seen_at` integer NOT NULL,
	`company_id` integer,
	`agreement_id` integer,
	`include` integer DEFAULT false NOT NULL,
	`confirmed_company_id` integer,
	`change` text,
	`updated_at` integer,
	`updated_by` text,
	PRIMARY KEY(`tenant_id`, `source_id`, `account`)
);
--> statement-breakpoint
CREATE TABLE `sku_products` (
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`sku` text NOT NULL,
	`term` text NOT NULL,
	`product_id` integer NOT NULL,
	`confirmed_product_id` integer,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `source_id`, `sku`, `term`)
);
--> statement-breakpoint
CREATE TABLE `snapshot_accounts` (
	`tenant_id` text NOT NULL,
	`snapshot_id` text NOT NULL,
	`account` text NOT NULL,
	`name` text NOT NULL,
	`readings` text NOT NULL,
	`people` text,
	`lines` text,
	PRIMARY KEY(`tenant_id`, `snapshot_id`, `account`)
);
--> statement-breakpoint
CREATE INDEX `snapshot_accounts_account` ON `snapshot_accounts` (`tenant_id`,`account`);--> statement-breakpoint
CREATE TABLE `snapshots` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`kind` text NOT NULL,
	`period` text NOT NULL,
	`taken_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`complete` integer NOT NULL,
	`account_count` integer NOT NULL,
	`reading_count` integer NOT NULL,
	`idempotency_key` text,
	`body_hash` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `snapshots_newest` ON `snapshots` (`tenant_id`,`source_id`,`period`,`taken_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `snapshots_idempotency` ON `snapshots` (`tenant_id`,`source_id`,`idempotency_key`);--> statement-breakpoint
CREATE TABLE `sources` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`billing_period` text NOT NULL,
	`product_id` integer,
	`data` text DEFAULT '{"quantity":true,"cost":false,"price":false,"catalogueCost":false,"products":false,"userList":false,"contacts":false,"inactiveContacts":false}' NOT NULL,
	`problem` text,
	`problem_at` integer,
	`collected_at` integer,
	`loading` text,
	`token_hash` text NOT NULL,
	`trusted_snapshot_id` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sources_token` ON `sources` (`token_hash`);--> statement-breakpoint
CREATE UNIQUE INDEX `sources_name` ON `sources` (`tenant_id`,`name`);--> statement-breakpoint
CREATE TABLE `data_keys` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`wrapped` text NOT NULL,
	`master_key_id` text NOT NULL,
	`version` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `installation` (
	`id` text PRIMARY KEY NOT NULL,
	`kill_switch` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`pattern` text NOT NULL,
	`zone` text NOT NULL,
	`enabled` integer NOT NULL,
	`last_day` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `schedules_tenant` ON `schedules` (`tenant_id`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`tenant_id` text NOT NULL,
	`field` text NOT NULL,
	`sealed` text NOT NULL,
	`key_version` integer NOT NULL,
	`last_four` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `field`)
);
--> statement-breakpoint
CREATE TABLE `tenants` (
	`id` text PRIMARY KEY NOT NULL,
	`site` text NOT NULL,
	`api_origin` text NOT NULL,
	`company_id` text NOT NULL,
	`codebase` text NOT NULL,
	`client_id` text,
	`zone` text NOT NULL,
	`currency` text,
	`state` text NOT NULL,
	`state_cause` text,
	`state_at` integer NOT NULL,
	`mode` text NOT NULL,
	`kill_switch` integer NOT NULL,
	`has_additions_report` integer NOT NULL,
	`whole_quantities` integer NOT NULL,
	`version` text,
	`keys_saved_at` integer,
	`default_agreement_type_id` integer,
	`creation` text DEFAULT '{"companies":"ask","agreements":"ask","products":"ask"}' NOT NULL,
	`line_settings` text DEFAULT '{"ends":{},"starts":{},"names":{},"kinds":{},"daily":true,"crossReferences":{"existing":false}}' NOT NULL,
	`confirmed_line_rules` text,
	`disabled_at` integer,
	`disabled_by` text,
	`company_statuses` text,
	`hidden_statuses` text,
	`companies_listed_at` integer,
	`products_listed_at` integer,
	`billing_cycles` text,
	`day_shift` text,
	`catalogue_read_at` integer,
	`limits` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tenants_instance` ON `tenants` (`site`,`company_id`);--> statement-breakpoint
CREATE TABLE `ticks` (
	`id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `approvals` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`plan_id` text NOT NULL,
	`fingerprint` text NOT NULL,
	`rows` text,
	`member` text NOT NULL,
	`note` text,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `approvals_plan` ON `approvals` (`tenant_id`,`plan_id`);--> statement-breakpoint
CREATE TABLE `plan_rows` (
	`tenant_id` text NOT NULL,
	`plan_id` text NOT NULL,
	`seq` integer NOT NULL,
	`key` text NOT NULL,
	`record` text DEFAULT 'addition' NOT NULL,
	`change` text,
	`source_id` text NOT NULL,
	`snapshot_id` text,
	`accounts` text NOT NULL,
	`mappings` text NOT NULL,
	`company_id` integer,
	`agreement_id` integer,
	`addition_id` integer,
	`product_id` integer,
	`effective_on` text,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`draft` text,
	`posting` text,
	`needs` text DEFAULT '[]' NOT NULL,
	`holds` text NOT NULL,
	`reason` text NOT NULL,
	`amount` text,
	`outcome` text NOT NULL,
	`outcome_reason` text,
	`attention` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `plan_id`, `seq`)
);
--> statement-breakpoint
CREATE INDEX `plan_rows_addition` ON `plan_rows` (`tenant_id`,`addition_id`);--> statement-breakpoint
CREATE TABLE `plans` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`state` text NOT NULL,
	`fingerprint` text NOT NULL,
	`unchanged` integer NOT NULL,
	`created_at` integer NOT NULL,
	`closed_by` text,
	`closed_at` integer
);
--> statement-breakpoint
CREATE INDEX `plans_state` ON `plans` (`tenant_id`,`state`);--> statement-breakpoint
CREATE INDEX `plans_newest` ON `plans` (`tenant_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`schedule_id` text,
	`local_day` text,
	`source_id` text,
	`accounts` text,
	`mappings` text,
	`lines` text,
	`started_by` text NOT NULL,
	`approve_as` text,
	`phase` text NOT NULL,
	`state` text NOT NULL,
	`cause` text,
	`unread` text,
	`plan_id` text,
	`requests` integer NOT NULL,
	`counts` text,
	`beside` text,
	`started_at` integer NOT NULL,
	`finished_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `runs_once_a_day` ON `runs` (`tenant_id`,`schedule_id`,`local_day`);--> statement-breakpoint
CREATE INDEX `runs_open` ON `runs` (`state`,`tenant_id`);--> statement-breakpoint
CREATE INDEX `runs_newest` ON `runs` (`tenant_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `creations` (
	`tenant_id` text NOT NULL,
	`id` integer NOT NULL,
	`record` text NOT NULL,
	`draft` text NOT NULL,
	`identity` text NOT NULL,
	`state` text NOT NULL,
	`made_id` integer,
	`made_at` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `creations_state` ON `creations` (`tenant_id`,`state`);--> statement-breakpoint
CREATE UNIQUE INDEX `creations_wanted` ON `creations` (`tenant_id`,`identity`) WHERE state = 'wanted';--> statement-breakpoint
CREATE TABLE `documents` (
	`tenant_id` text NOT NULL,
	`agreement_id` integer NOT NULL,
	`source_id` text NOT NULL,
	`account` text NOT NULL,
	`period` text NOT NULL,
	`document_id` integer,
	`content_hash` text NOT NULL,
	`state` text NOT NULL,
	`problem` text,
	`run_id` text NOT NULL,
	`sent_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `agreement_id`, `source_id`, `account`, `period`)
);
--> statement-breakpoint
CREATE TABLE `intents` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`run_id` text NOT NULL,
	`plan_id` text NOT NULL,
	`row_seq` integer NOT NULL,
	`record` text DEFAULT 'addition' NOT NULL,
	`needs` text DEFAULT '[]' NOT NULL,
	`change` text NOT NULL,
	`agreement_id` integer NOT NULL,
	`addition_id` integer,
	`natural_key` text NOT NULL,
	`marker` text,
	`params_hash` text NOT NULL,
	`base` text NOT NULL,
	`desired` text NOT NULL,
	`draft` text,
	`posting` text,
	`record_id` integer,
	`needs_approval` integer NOT NULL,
	`state` text NOT NULL,
	`open` integer,
	`attempt` integer NOT NULL,
	`fence` integer,
	`not_before` integer,
	`sent_at` integer,
	`unknown_until` integer,
	`first_probed_at` integer,
	`settlement` text,
	`http_status` integer,
	`error` text,
	`created_at` integer NOT NULL,
	`resolved_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `intents_one_open` ON `intents` (`tenant_id`,`natural_key`,`open`);--> statement-breakpoint
CREATE INDEX `intents_state` ON `intents` (`state`,`tenant_id`);--> statement-breakpoint
CREATE INDEX `intents_run` ON `intents` (`tenant_id`,`run_id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`fence` integer NOT NULL,
	`until` real NOT NULL
);
--> statement-breakpoint
CREATE TABLE `ledger` (
	`tenant_id` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`event` text NOT NULL,
	`body` text NOT NULL,
	`prev_hash` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `seq`)
);
