// Checks a ServiceMonitor, given as a file of JSON, against the schema of the Prometheus operator.
import { readFileSync } from "node:fs";
import { ServiceMonitor } from "@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor";

new ServiceMonitor(JSON.parse(readFileSync(process.argv[2], "utf8"))).validate();
