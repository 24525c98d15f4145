// Written by `npm run gen`. Do not edit.
import { file_foedus_access_v1_access_event } from "./access/v1/access_event_pb.js";
import { file_foedus_access_v1_access } from "./access/v1/access_pb.js";
import { file_foedus_access_v1_access_service } from "./access/v1/access_service_pb.js";
import { file_foedus_audit_v1_audit } from "./audit/v1/audit_pb.js";
import { file_foedus_config_v1_config } from "./config/v1/config_pb.js";
import { file_foedus_event_v1_event_event } from "./event/v1/event_event_pb.js";
import { file_foedus_event_v1_event } from "./event/v1/event_pb.js";
import { file_foedus_event_v1_event_service } from "./event/v1/event_service_pb.js";
import { file_foedus_event_v1_report_event } from "./event/v1/report_event_pb.js";
import { file_foedus_fault_v1_fault } from "./fault/v1/fault_pb.js";
import { file_foedus_hub_v1_backup } from "./hub/v1/backup_pb.js";
import { file_foedus_hub_v1_hub } from "./hub/v1/hub_pb.js";
import { file_foedus_hub_v1_hub_service } from "./hub/v1/hub_service_pb.js";
import { file_foedus_identity_v1_identity_agent } from "./identity/v1/identity_agent_pb.js";
import { file_foedus_identity_v1_identity_event } from "./identity/v1/identity_event_pb.js";
import { file_foedus_identity_v1_identity } from "./identity/v1/identity_pb.js";
import { file_foedus_identity_v1_identity_return } from "./identity/v1/identity_return_pb.js";
import { file_foedus_identity_v1_identity_service } from "./identity/v1/identity_service_pb.js";
import { file_foedus_identity_v1_identity_standing } from "./identity/v1/identity_standing_pb.js";
import { file_foedus_learning_v1_learning_event } from "./learning/v1/learning_event_pb.js";
import { file_foedus_learning_v1_learning } from "./learning/v1/learning_pb.js";
import { file_foedus_learning_v1_learning_service } from "./learning/v1/learning_service_pb.js";
import { file_foedus_learning_v1_learning_witness } from "./learning/v1/learning_witness_pb.js";
import { file_foedus_link_v1_link_event } from "./link/v1/link_event_pb.js";
import { file_foedus_link_v1_link } from "./link/v1/link_pb.js";
import { file_foedus_link_v1_link_service } from "./link/v1/link_service_pb.js";
import { file_foedus_node_v1_node_event } from "./node/v1/node_event_pb.js";
import { file_foedus_node_v1_node } from "./node/v1/node_pb.js";
import { file_foedus_node_v1_node_service } from "./node/v1/node_service_pb.js";
import { file_foedus_options_v1_options } from "./options/v1/options_pb.js";
import { file_foedus_page_v1_page } from "./page/v1/page_pb.js";
import { file_foedus_person_v1_person_event } from "./person/v1/person_event_pb.js";
import { file_foedus_person_v1_person } from "./person/v1/person_pb.js";
import { file_foedus_person_v1_person_service } from "./person/v1/person_service_pb.js";
import { file_foedus_sync_v1_collection_service } from "./sync/v1/collection_service_pb.js";
import { file_foedus_sync_v1_sync_event } from "./sync/v1/sync_event_pb.js";
import { file_foedus_sync_v1_sync_frame } from "./sync/v1/sync_frame_pb.js";
import { file_foedus_sync_v1_sync } from "./sync/v1/sync_pb.js";
import { file_foedus_sync_v1_sync_service } from "./sync/v1/sync_service_pb.js";
import { file_foedus_sync_v1_sync_session } from "./sync/v1/sync_session_pb.js";
import { file_foedus_sync_v1_sync_status } from "./sync/v1/sync_status_pb.js";
import { file_foedus_sync_v1_sync_store } from "./sync/v1/sync_store_pb.js";
import { file_foedus_task_v1_queue_service } from "./task/v1/queue_service_pb.js";
import { file_foedus_task_v1_task_event } from "./task/v1/task_event_pb.js";
import { file_foedus_task_v1_task_explain } from "./task/v1/task_explain_pb.js";
import { file_foedus_task_v1_task } from "./task/v1/task_pb.js";
import { file_foedus_task_v1_task_service } from "./task/v1/task_service_pb.js";
import { file_foedus_task_v1_task_work } from "./task/v1/task_work_pb.js";
import { file_foedus_task_v1_work_service } from "./task/v1/work_service_pb.js";
import { file_foedus_tenant_v1_tenant_event } from "./tenant/v1/tenant_event_pb.js";
import { file_foedus_tenant_v1_tenant } from "./tenant/v1/tenant_pb.js";
import { file_foedus_tenant_v1_tenant_service } from "./tenant/v1/tenant_service_pb.js";

/** Every file of the schema. */
export const files = [
  file_foedus_access_v1_access_event,
  file_foedus_access_v1_access,
  file_foedus_access_v1_access_service,
  file_foedus_audit_v1_audit,
  file_foedus_config_v1_config,
  file_foedus_event_v1_event_event,
  file_foedus_event_v1_event,
  file_foedus_event_v1_event_service,
  file_foedus_event_v1_report_event,
  file_foedus_fault_v1_fault,
  file_foedus_hub_v1_backup,
  file_foedus_hub_v1_hub,
  file_foedus_hub_v1_hub_service,
  file_foedus_identity_v1_identity_agent,
  file_foedus_identity_v1_identity_event,
  file_foedus_identity_v1_identity,
  file_foedus_identity_v1_identity_return,
  file_foedus_identity_v1_identity_service,
  file_foedus_identity_v1_identity_standing,
  file_foedus_learning_v1_learning_event,
  file_foedus_learning_v1_learning,
  file_foedus_learning_v1_learning_service,
  file_foedus_learning_v1_learning_witness,
  file_foedus_link_v1_link_event,
  file_foedus_link_v1_link,
  file_foedus_link_v1_link_service,
  file_foedus_node_v1_node_event,
  file_foedus_node_v1_node,
  file_foedus_node_v1_node_service,
  file_foedus_options_v1_options,
  file_foedus_page_v1_page,
  file_foedus_person_v1_person_event,
  file_foedus_person_v1_person,
  file_foedus_person_v1_person_service,
  file_foedus_sync_v1_collection_service,
  file_foedus_sync_v1_sync_event,
  file_foedus_sync_v1_sync_frame,
  file_foedus_sync_v1_sync,
  file_foedus_sync_v1_sync_service,
  file_foedus_sync_v1_sync_session,
  file_foedus_sync_v1_sync_status,
  file_foedus_sync_v1_sync_store,
  file_foedus_task_v1_queue_service,
  file_foedus_task_v1_task_event,
  file_foedus_task_v1_task_explain,
  file_foedus_task_v1_task,
  file_foedus_task_v1_task_service,
  file_foedus_task_v1_task_work,
  file_foedus_task_v1_work_service,
  file_foedus_tenant_v1_tenant_event,
  file_foedus_tenant_v1_tenant,
  file_foedus_tenant_v1_tenant_service,
];
