{{- define "onramp.name" -}}
{{- if contains "onramp" .Release.Name -}}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{- else -}}{{ printf "%s-onramp" (.Release.Name | trunc 43) }}{{- end -}}
{{- end }}

{{- define "onramp.selector" -}}
app.kubernetes.io/name: onramp
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "onramp.labels" -}}
{{ include "onramp.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "onramp.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What a pod may not do. The group is how the kubelet lets it read the keyset. */}}
{{- define "onramp.podSecurity" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "onramp.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "onramp.storedEnv" -}}
- name: ONRAMP_DATA
  value: /var/lib/onramp
- name: ONRAMP_DATABASE
  valueFrom:
    secretKeyRef:
      name: {{ .Values.database.secret | quote }}
      key: {{ .Values.database.key | quote }}
- name: ONRAMP_KEYSET
  value: /etc/onramp/keyset/keyset.json
{{- end }}

{{- define "onramp.storedMounts" -}}
- name: data
  mountPath: /var/lib/onramp
- name: keyset
  mountPath: /etc/onramp/keyset
  readOnly: true
{{- end }}

{{- define "onramp.storedVolumes" -}}
- name: data
  emptyDir: {} # nothing lasting: that is in the database
- name: keyset
  secret:
    secretName: {{ .Values.keyset.secret | quote }}
    defaultMode: 0440
    items:
      - key: {{ .Values.keyset.key | quote }}
        path: keyset.json
{{- end }}
