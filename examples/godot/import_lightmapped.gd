# Godot 4: the import script of a file of `noclip export --profile lightmapped`. Choose it under Import > Import Script;
# the .png maps and the _lightmap.json must lie beside the .glb. Surfaces are drawn unshaded: base picture times map.
@tool
extends EditorScenePostImport

func _post_import(scene: Node) -> Object:
	var folder := get_source_file().get_base_dir()
	var sidecar := get_source_file().get_basename() + "_lightmap.json"
	var told: Dictionary = JSON.parse_string(FileAccess.get_file_as_string(sidecar))
	var level: Array = told.camera.white.map(func(w): return w * told.camera.exposure * told.white)
	for chunk in told.chunks:
		var map: Texture2D = load(folder.path_join(chunk.map))
		var ending := "_chunk_%d_%d" % [chunk.chunk[0], chunk.chunk[1]]
		for node in scene.find_children("*", "MeshInstance3D"):
			for k in node.mesh.get_surface_count():
				var material: BaseMaterial3D = node.mesh.surface_get_material(k)
				if material == null or not material.resource_name.ends_with(ending):
					continue
				material.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
				material.albedo_color = Color(level[0], level[1], level[2])
				material.detail_enabled = true
				material.detail_blend_mode = BaseMaterial3D.BLEND_MODE_MUL
				material.detail_uv_layer = BaseMaterial3D.DETAIL_UV_2
				material.detail_albedo = map
	return scene
